using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// Counts which versions are read, for the rule that keeps the base at one that is read often. What
/// is read within a batch counts as one occasion, and a machine's batch is written once it is old
/// enough: never a write for each read. What a process that dies had not written is not counted.
/// </summary>
/// <param name="manifests">The manifests.</param>
/// <param name="time">The clock.</param>
public sealed class ReadTally(ManifestStore manifests, TimeProvider time)
{
    /// <summary>How long a machine's reads are gathered.</summary>
    public static TimeSpan BatchTime { get; } = TimeSpan.FromMinutes(10);

    /// <summary>A machine of which so many versions are read says nothing by it.</summary>
    private const int MostVersions = 1024;

    private readonly Dictionary<string, Batch> _batches = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Notes that a version is read; writes the machine's batch once it is due.</summary>
    public async Task NoteAsync(
        string machine, int version, CancellationToken cancellation = default)
    {
        lock (_lock)
        {
            if (!_batches.TryGetValue(machine, out var batch))
                _batches.Add(machine, batch = new Batch(time.GetUtcNow(), []));
            if (batch.Versions.Count < MostVersions) batch.Versions.Add(version);
        }
        await FlushAsync(onlyDue: true, cancellation);
    }

    /// <summary>Writes what was gathered; a host calls it now and then, and when it ends.</summary>
    /// <param name="onlyDue">Whether batches that are younger than their time stay.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async Task FlushAsync(bool onlyDue, CancellationToken cancellation = default)
    {
        foreach (var (machine, versions) in Take(onlyDue))
        {
            try
            {
                await WriteAsync(manifests, machine, versions, cancellation);
            }
            catch (SnapshotException)
            {
                // A count that is lost moves a base later; a read must not fail for it.
            }
        }
    }

    /// <summary>Counts one occasion for each of some versions, if the machine's rule asks.</summary>
    internal static Task WriteAsync(
        ManifestStore manifests, string machine, IEnumerable<int> versions,
        CancellationToken cancellation) =>
        manifests.UpdateAsync(
            machine,
            edit =>
            {
                if (edit.Head.Policy.Base.Kind is BaseRuleSettings.MostRead)
                    edit.CountReads(versions.ToDictionary(v => v, _ => 1));
                return ValueTask.CompletedTask;
            },
            cancellation);

    private List<(string Machine, IEnumerable<int> Versions)> Take(bool onlyDue)
    {
        var now = time.GetUtcNow();
        var taken = new List<(string, IEnumerable<int>)>();
        lock (_lock)
        {
            foreach (var (machine, batch) in _batches)
                if (!onlyDue || now - batch.Began >= BatchTime) taken.Add((machine, batch.Versions));
            foreach (var (machine, _) in taken) _batches.Remove(machine);
        }
        return taken;
    }

    private sealed record Batch(DateTimeOffset Began, HashSet<int> Versions);
}
