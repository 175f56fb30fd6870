using SnapshotFunctions.Engine.Mounts;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;

namespace SnapshotFunctions.SimulationTests.Mounting;

/// <summary>Writes to a mount and reads it, as the HTTP handlers do.</summary>
internal static class Written
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static string NewId(int number) => $"{number:x16}";

    public static async Task WriteAsync(
        Life life, MountRecord mount, string disk, long offset, ReadOnlyMemory<byte> bytes)
    {
        var found = await life.Services.Mounts.Records.LoadAsync(mount.Machine, mount.Id, None);
        var view = await life.Services.Views.OpenAsync(mount.Machine, mount.Version, disk, None);
        var chunks = new MountChunks(life.Services.BaseStore, found, found.Disk(disk));
        await new MountWriter(
            life.Services.Mounts.Records, chunks,
            async (at, place, token) => await view.ReadAsync(at, place, token),
            life.Services.Time).WriteAsync(offset, bytes, None);
    }

    /// <summary>All of a disk; by one listing, or chunk by chunk.</summary>
    public static async Task<byte[]> ReadAsync(
        Life life, MountRecord mount, string disk, bool lists = true)
    {
        var found = await life.Services.Mounts.Records.LoadAsync(mount.Machine, mount.Id, None);
        var view = await life.Services.Views.OpenAsync(mount.Machine, mount.Version, disk, None);
        var mounted = new MountedView(
            life.Services.Mounts.Records,
            new MountChunks(life.Services.BaseStore, found, found.Disk(disk)), view,
            lists ? long.MaxValue : 1);
        var content = new byte[view.SizeBytes];
        await mounted.ReadAsync(0, content, None);
        return content;
    }

    /// <summary>A plan that pauses the first call of a kind on a name that ends so.</summary>
    public static StorePause PauseAt(
        SimulatedProcess process, StoreOperationKind kind, Func<string, bool> name, bool after)
    {
        var pause = new StorePause();
        var met = 0;
        process.Faults = operation =>
            operation.Kind == kind && name(operation.Name) && Interlocked.Increment(ref met) == 1
                ? after ? StoreFault.PauseAfter(pause) : StoreFault.PauseBefore(pause)
                : StoreFault.None;
        return pause;
    }
}
