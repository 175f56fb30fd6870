using System.Globalization;
using System.Text.Json;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// What stays of a machine that was deleted: numbers that a new one of its name begins above, so
/// that what a late worker writes is never taken for the new machine's; and what it had pinned, so
/// that a deletion which begins anew half way still takes that pin away.
/// </summary>
/// <param name="NextOperation">The next operation's number.</param>
/// <param name="NextVersion">The next version's number.</param>
/// <param name="Epoch">The epoch of its last claim.</param>
/// <param name="Revision">The revision of its last head: of two copies the higher is the later.</param>
/// <param name="Time">When the machine was deleted.</param>
/// <param name="IsGoing">Whether objects of it may be left.</param>
/// <param name="OriginMachine">The machine that it began from; null for none.</param>
/// <param name="OriginJob">The job that had made it as a clone; null for none.</param>
public sealed record GoneMachine(
    long NextOperation, int NextVersion, long Epoch, long Revision, DateTimeOffset Time,
    bool IsGoing,
    string? OriginMachine = null, string? OriginJob = null)
{
    private const int MostBytes = 4096;

    /// <summary>Tells this deletion from any other of the name.</summary>
    internal string Mark => string.Create(
        CultureInfo.InvariantCulture, $"{NextOperation}/{Epoch}/{Time.UtcTicks}");

    /// <summary>What a new machine of a name begins with.</summary>
    /// <exception cref="RefusedException">
    /// Reason "machine-going": an old one is being deleted.
    /// </exception>
    internal static async Task<GoneMachine> NumbersAsync(
        IObjectStore store, string machine, CancellationToken cancellation)
    {
        var (found, _) = await FindAsync(store, machine, cancellation);
        // A deletion that was taken back at the last moment leaves its note beside the machine.
        return found is { IsGoing: true }
            && await store.FindAsync(ObjectNames.Head(machine), cancellation) is null
            ? throw new RefusedException(
                "machine-going",
                $"An older machine '{machine}' is being deleted: 'purge {machine}' finishes it.")
            : found ?? new GoneMachine(1, 1, 0, 0, default, false);
    }

    /// <summary>
    /// What is left of a machine whose manifest is gone and whose objects are not yet; else null.
    /// </summary>
    internal static async Task<GoneMachine?> GoingAsync(
        IObjectStore store, string machine, CancellationToken cancellation) =>
        await FindAsync(store, machine, cancellation) is { Gone: { IsGoing: true } gone }
        && await store.FindAsync(ObjectNames.Head(machine), cancellation) is null ? gone : null;

    /// <summary>Whether a machine's manifest is gone and its objects are not yet.</summary>
    public static async Task<bool> IsGoingAsync(
        IObjectStore store, string machine, CancellationToken cancellation) =>
        await GoingAsync(store, machine, cancellation) is not null;

    /// <summary>Reads it, with the state it was read in; null where none was ever deleted.</summary>
    internal static async Task<(GoneMachine? Gone, string? ETag)> FindAsync(
        IObjectStore store, string machine, CancellationToken cancellation)
    {
        var name = ObjectNames.Gone(machine);
        try
        {
            var (bytes, properties) = await store.ReadWholeAsync(name, MostBytes, cancellation);
            var found = JsonSerializer.Deserialize(bytes, GoneJson.Default.GoneMachine);
            return found is
                { NextOperation: >= 1, NextVersion: >= 1, Epoch: >= 0, Revision: >= 0 }
                ? (found, properties.ETag)
                : throw new CorruptObjectException(name, "numbers from 1 up", $"{found}");
        }
        catch (ObjectNotFoundException)
        {
            return (null, null);
        }
        catch (JsonException error)
        {
            throw new CorruptObjectException(
                name, "the JSON of a deleted machine", error.Message, error);
        }
    }

    /// <summary>
    /// Keeps the numbers of a machine that is about to go, over the state that was read before its
    /// head was: a worker that stalls in between cannot bring old numbers back.
    /// </summary>
    internal static Task KeepAsync(
        IObjectStore store, ManifestHead head, DateTimeOffset now, string? before,
        CancellationToken cancellation) =>
        WriteAsync(
            store, head.Machine,
            new GoneMachine(
                head.NextOperation, head.NextVersion, head.Epoch, head.Revision, now,
                IsGoing: true,
                head.Origin?.Machine, head.Origin?.Job),
            before, cancellation);

    /// <summary>
    /// Says that a machine stays after all: what lies in storage is its own again, but for what an
    /// older one of its name may have left.
    /// </summary>
    internal static async Task TakeBackAsync(
        IObjectStore store, ManifestHead head, CancellationToken cancellation)
    {
        if (await FindAsync(store, head.Machine, cancellation)
            is { Gone: { IsGoing: true } found, ETag: var etag })
            await WriteAsync(
                store, head.Machine,
                new GoneMachine(head.FirstOperation ?? 1, 1, 0, 0, found.Time, IsGoing: false),
                etag, cancellation);
    }

    /// <summary>Says that all of a machine is gone.</summary>
    internal static async Task EndAsync(
        IObjectStore store, string machine, CancellationToken cancellation)
    {
        if (await FindAsync(store, machine, cancellation)
            is { Gone: { IsGoing: true } found, ETag: var etag })
            await WriteAsync(store, machine, found with { IsGoing = false }, etag, cancellation);
    }

    private static Task<ObjectProperties> WriteAsync(
        IObjectStore store, string machine, GoneMachine gone, string? before,
        CancellationToken cancellation) =>
        store.PutAsync(
            ObjectNames.Gone(machine),
            JsonSerializer.SerializeToUtf8Bytes(gone, GoneJson.Default.GoneMachine),
            new WriteOptions(
                IfMatch: before, IfAbsent: before is null, Tier: StorageTier.Hot),
            cancellation);
}
