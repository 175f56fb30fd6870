using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Crashes;

/// <summary>
/// Other machines beside a rig's own, which begins from one of them: whatever befalls it, their
/// versions stay whole.
/// </summary>
internal sealed class Beside(Rig rig)
{
    public const string Origin = "golden";

    private readonly SortedDictionary<
        string, SortedDictionary<int, SortedDictionary<string, byte[]>>> _models =
        new(StringComparer.Ordinal);

    public SortedDictionary<int, SortedDictionary<string, byte[]>> Model(string machine)
    {
        if (!_models.TryGetValue(machine, out var model)) _models.Add(machine, model = []);
        return model;
    }

    public async Task IngestAsync(
        string machine, (string Disk, byte[] Content)[] disks, string? rule = null)
    {
        if (rule is not null)
            await rig.Life.Manifests.CreateAsync(
                machine, rig.Options.Layout,
                new MachinePolicy(new BaseRuleSettings(rule, 100), 600));
        var job = rig.NextJob();
        var input = rig.InputOf(job, disks, null) with { Machine = machine };
        var result = await rig.Life.RunAsync(FlowNames.Ingest, input, job, machine);
        Model(machine).Add(result.Version, Rig.Copy(disks));
    }

    /// <summary>Clones a version; where the clone is the rig's own machine, its model gets it.</summary>
    public async Task<CloneResult> CloneAsync(string machine, int? version, string clone)
    {
        var result = await rig.Life.RunAsync(
            CloneNames.Clone, new CloneInput(machine, version, clone), rig.NextJob(), machine);
        var model = string.Equals(clone, Rig.Machine, StringComparison.Ordinal)
            ? rig.Model : Model(clone);
        model.Add(result.Version, Model(machine)[result.OriginVersion]);
        return result;
    }

    /// <summary>Every version reads as its full copy, and nothing lies about that is not listed.</summary>
    public async Task CheckAsync(string context)
    {
        foreach (var (machine, model) in _models)
        {
            foreach (var (number, disks) in model)
                foreach (var (disk, expected) in disks)
                    await CheckAsync(machine, number, disk, expected, context);
            await ListedObjects.CheckAsync(rig, context, machine);
        }
    }

    /// <summary>The versions that clones keep pinned.</summary>
    public async Task<IReadOnlyList<int>> PinnedAsync(string machine = Origin) =>
    [
        .. ((await rig.Life.Manifests.LoadAsync(machine)).Head.Pins ?? [])
            .Where(p => OriginRecord.CloneOf(p.Owner) is not null).Select(p => p.Version),
    ];

    private async Task CheckAsync(
        string machine, int number, string disk, byte[] expected, string context)
    {
        var view = await rig.Life.Services.Views.OpenAsync(
            machine, number, disk, CancellationToken.None);
        var found = new byte[expected.Length];
        await view.ReadAsync(0, found);
        Assert.True(
            found.AsSpan().SequenceEqual(expected),
            $"{context}: version {number} disk {disk} of {machine} differs first at "
            + $"{found.AsSpan().CommonPrefixLength(expected)}");
    }
}
