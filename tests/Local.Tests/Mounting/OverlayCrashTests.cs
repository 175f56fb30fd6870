using SnapshotFunctions.Local.Mounting.Overlays;
using SnapshotFunctions.LocalTests.Store;
using Xunit;

namespace SnapshotFunctions.LocalTests.Mounting;

/// <summary>
/// The machine under an overlay ends at any file operation, and what was not synced is lost, torn
/// and reordered: all that was flushed is there, and every sector is whole.
/// </summary>
public sealed class OverlayCrashTests
{
    private const string Folder = "/overlay";

    /// <summary>Three pages of the map, the last one short, the last sector too.</summary>
    private const int SizeBytes = (520 * OverlayModel.Sector) + 1000;

    [Fact]
    public async Task A_crash_at_any_file_operation_loses_nothing_that_was_flushed()
    {
        var operations = await RunScriptAsync(crashAt: 0, seed: 0);
        Assert.InRange(operations, 60, 600);
        for (var crashAt = 1; crashAt <= operations; crashAt++)
        {
            for (var seed = 1; seed <= 3; seed++) await RunScriptAsync(crashAt, seed);
        }
    }

    [Fact]
    public async Task Random_work_through_many_crashes_matches_a_model()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            var layer = NewLayer();
            var model = new OverlayModel(SizeBytes, seed);
            for (var life = 0; life < 4; life++)
            {
                layer.CrashAt = layer.Operations + random.Next(1, 250);
                await LiveAsync(layer, model, random);
                layer.Crash(random.Next());
                using var disk = model.Open(layer, Folder);
                await model.CheckAsync(disk, $"seed {seed}, life {life}");
            }
        }
    }

    [Fact]
    public async Task A_crash_while_a_crash_is_recovered_from_loses_nothing()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var layer = NewLayer();
            var model = new OverlayModel(SizeBytes, seed);
            layer.CrashAt = layer.Operations + random.Next(40, 200);
            await LiveAsync(layer, model, random);
            layer.Crash(random.Next());
            for (var at = 1; ; at++)
            {
                layer.CrashAt = layer.Operations + at;
                try
                {
                    using var disk = model.Open(layer, Folder);
                    layer.CrashAt = 0;
                    await model.CheckAsync(disk, $"seed {seed}, recovered at the try {at}");
                    break;
                }
                catch (MachineDownException)
                {
                    layer.Crash(random.Next());
                }
            }
        }
    }

    private static FaultyFileLayer NewLayer()
    {
        var layer = new FaultyFileLayer();
        layer.CreateDirectory(Folder);
        layer.SyncDirectory("/");
        OverlayDisk.Create(layer, Folder);
        return layer;
    }

    private static async Task LiveAsync(FaultyFileLayer layer, OverlayModel model, Random random)
    {
        try
        {
            using var disk = model.Open(layer, Folder);
            while (true) await model.StepAsync(disk, random);
        }
        catch (MachineDownException)
        {
            // This is how every life ends.
        }
    }

    private static async Task<long> RunScriptAsync(long crashAt, int seed)
    {
        var layer = NewLayer();
        var before = layer.Operations;
        layer.CrashAt = crashAt == 0 ? 0 : before + crashAt;
        var model = new OverlayModel(SizeBytes, 5);
        var random = new Random(9);
        try
        {
            using var disk = model.Open(layer, Folder);
            await model.WriteAsync(disk, 0, 3 * OverlayModel.Sector, random);
            await FlushAsync(disk, model);
            await model.WriteAsync(disk, 100, 5000, random);
            await model.WriteAsync(disk, SizeBytes - 600, 600, random);
            await FlushAsync(disk, model);
            await model.ZeroAsync(disk, 4096, 9000, isStored: true);
            await model.TrimAsync(disk, 0, SizeBytes / 2);
            await model.WriteAsync(disk, 8192, 4 * OverlayModel.Sector, random);
            await FlushAsync(disk, model);
            for (var page = 0; page < 3; page++)
                await model.WriteAsync(disk, page * 1_000_000, OverlayModel.Sector, random);
            await FlushAsync(disk, model);
            await model.TrimAsync(disk, 0, SizeBytes);
            await model.WriteAsync(disk, 4096, OverlayModel.Sector, random);
            await disk.CloseAsync(default);
            model.Flushed();
            await model.WriteAsync(disk, 4096, 2 * OverlayModel.Sector, random);
        }
        catch (MachineDownException) when (crashAt > 0)
        {
            // Every run but the first ends here.
        }
        var operations = layer.Operations - before;
        layer.Crash(seed);
        using (var disk = model.Open(layer, Folder))
            await model.CheckAsync(disk, $"crash at file operation {crashAt}, seed {seed}");
        return operations;
    }

    private static async Task FlushAsync(OverlayDisk disk, OverlayModel model)
    {
        await disk.FlushAsync(default);
        model.Flushed();
    }
}
