using System.Text.Json;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// What stays of a machine that was deleted: numbers that a new one of its name begins above, so
/// that what a late worker writes is never taken for the new machine's.
/// </summary>
/// <param name="NextOperation">The next operation's number.</param>
/// <param name="NextVersion">The next version's number.</param>
/// <param name="Time">When the machine was deleted.</param>
/// <param name="IsGoing">Whether objects of it may be left.</param>
public sealed record GoneMachine(
    long NextOperation, int NextVersion, DateTimeOffset Time, bool IsGoing)
{
    private const int MostBytes = 4096;

    /// <summary>What a new machine of a name begins with.</summary>
    /// <exception cref="RefusedException">
    /// Reason "machine-going": an old one is being deleted.
    /// </exception>
    internal static async Task<GoneMachine> NumbersAsync(
        IObjectStore store, string machine, CancellationToken cancellation)
    {
        var found = await FindAsync(store, machine, cancellation);
        return found is { IsGoing: true }
            ? throw new RefusedException(
                "machine-going",
                $"An older machine '{machine}' is being deleted: 'purge {machine}' finishes it.")
            : found ?? new GoneMachine(1, 1, default, false);
    }

    /// <summary>Whether a machine's manifest is gone and its objects are not yet.</summary>
    public static async Task<bool> IsGoingAsync(
        IObjectStore store, string machine, CancellationToken cancellation) =>
        await FindAsync(store, machine, cancellation) is { IsGoing: true }
        && await store.FindAsync(ObjectNames.Head(machine), cancellation) is null;

    private static async Task<GoneMachine?> FindAsync(
        IObjectStore store, string machine, CancellationToken cancellation)
    {
        var name = ObjectNames.Gone(machine);
        try
        {
            var (bytes, _) = await store.ReadWholeAsync(name, MostBytes, cancellation);
            var found = JsonSerializer.Deserialize(bytes, GoneJson.Default.GoneMachine);
            return found is { NextOperation: >= 1, NextVersion: >= 1 }
                ? found
                : throw new CorruptObjectException(name, "numbers from 1 up", $"{found}");
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw new CorruptObjectException(name, "the JSON of a deleted machine", error.Message, error);
        }
    }

    /// <summary>Keeps the numbers of a machine that is about to go.</summary>
    internal static Task KeepAsync(
        IObjectStore store, ManifestHead head, DateTimeOffset now, CancellationToken cancellation) =>
        WriteAsync(
            store, head.Machine,
            new GoneMachine(head.NextOperation, head.NextVersion, now, IsGoing: true),
            cancellation);

    /// <summary>Says that all of a machine is gone.</summary>
    internal static async Task EndAsync(
        IObjectStore store, string machine, CancellationToken cancellation)
    {
        if (await FindAsync(store, machine, cancellation) is { IsGoing: true } found)
            await WriteAsync(store, machine, found with { IsGoing = false }, cancellation);
    }

    private static Task<ObjectProperties> WriteAsync(
        IObjectStore store, string machine, GoneMachine gone, CancellationToken cancellation) =>
        store.PutAsync(
            ObjectNames.Gone(machine),
            JsonSerializer.SerializeToUtf8Bytes(gone, GoneJson.Default.GoneMachine),
            new WriteOptions(Tier: StorageTier.Hot), cancellation);
}
