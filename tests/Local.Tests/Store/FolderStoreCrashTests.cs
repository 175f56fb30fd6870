using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Store;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.LocalTests.Store;

/// <summary>
/// The machine under a folder store ends, unsynced writes are lost, torn and reordered, and the
/// store that is opened on the rest holds every write that had returned, and of the one under way
/// all or nothing.
/// </summary>
public sealed class FolderStoreCrashTests
{
    private static readonly string[] Names = ["m/base", "m/base/x", "head.json", "big"];

    [Fact]
    public async Task A_crash_at_any_file_operation_leaves_every_write_whole_or_undone()
    {
        var operations = await RunScriptAsync(crashAt: 0, seed: 0);
        Assert.InRange(operations, 100, 2000);
        for (var crashAt = 1; crashAt <= operations; crashAt++)
        {
            for (var seed = 1; seed <= 4; seed++)
                await RunScriptAsync(crashAt, seed);
        }
    }

    [Fact]
    public async Task Random_work_through_many_crashes_matches_full_copies()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var layer = new FaultyFileLayer();
            var model = new StoreModel();
            for (var life = 0; life < 4; life++)
            {
                layer.CrashAt = layer.Operations + random.Next(1, 160);
                await LiveAsync(layer, model, random);
                layer.Crash(random.Next());
                await RecoverAsync(layer, model, $"seed {seed}, life {life}");
            }
        }
    }

    /// <summary>What survives is also what the sweep leaves.</summary>
    private static async Task RecoverAsync(FaultyFileLayer layer, StoreModel model, string because)
    {
        using var store = Open(layer);
        await model.CheckAsync(store, because);
        await store.SweepAsync();
        await model.CheckAsync(store, $"{because}, swept");
    }

    private static FolderStore Open(FaultyFileLayer layer) => FolderStore.Open(
        "/store",
        // Long blocks, which begin at pages of their file, lie among short ones.
        new FolderStoreOptions { Clock = new ManualClock(), PagedFromBytes = 1000 }, layer);

    private static async Task LiveAsync(FaultyFileLayer layer, StoreModel model, Random random)
    {
        try
        {
            var store = Open(layer);
            while (true)
                await StepAsync(store, model, random);
        }
        catch (MachineDownException)
        {
            // This is how every life ends.
        }
    }

    private static async Task StepAsync(FolderStore store, StoreModel model, Random random)
    {
        var name = Names[random.Next(Names.Length)];
        var standing = model.Objects.GetValueOrDefault(name);
        switch (random.Next(10))
        {
            case 0 or 1:
                await model.PutAsync(store, name, Content(random, 2000));
                break;
            case 2:
                await model.PutAsync(store, name, new byte[FolderStore.MostInlineBytes + 1]);
                break;
            case 3:
                await model.DeleteAsync(store, name);
                break;
            case 4 when standing is not null:
                await model.SetTierAsync(store, name, StorageTier.Cool);
                break;
            default:
                await model.CommitAsync(store, name, Patched(standing, random));
                break;
        }
    }

    /// <summary>Some of the standing blocks, and up to three new ones among them.</summary>
    private static List<ModelBlock> Patched(ModelObject? standing, Random random)
    {
        var list = (standing?.Blocks ?? [])
            .Where(block => block.Id.Length > 0 && random.Next(4) > 0).ToList();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            list.Insert(random.Next(list.Count + 1), new ModelBlock(
                StoreModel.IdOf($"{random.Next():x8}"), Content(random, 3000)));
        }

        return list;
    }

    private static byte[] Content(Random random, int most)
    {
        var content = new byte[random.Next(1, most)];
        random.NextBytes(content);
        return content;
    }

    private static async Task<long> RunScriptAsync(long crashAt, int seed)
    {
        var layer = new FaultyFileLayer { CrashAt = crashAt };
        var model = new StoreModel();
        var random = new Random(7);
        try
        {
            var store = Open(layer);
            await model.PutAsync(store, "head.json", Content(random, 900));
            await model.CommitAsync(store, "m/base", Patched(null, random));
            for (var round = 0; round < 3; round++)
                await model.CommitAsync(store, "m/base", Patched(model.Objects["m/base"], random));
            await model.PutAsync(store, "head.json", Content(random, 900));
            await model.SetTierAsync(store, "m/base", StorageTier.Cold);
            await model.PutAsync(store, "big", new byte[FolderStore.MostInlineBytes + 5]);
            await model.CommitAsync(store, "m/base/x", Patched(null, random));
            await model.DeleteAsync(store, "m/base");
            await model.CommitAsync(store, "m/base", Patched(null, random));
            await model.PutAsync(store, "m/base", Content(random, 900));
            await model.DeleteAsync(store, "head.json");
        }
        catch (MachineDownException) when (crashAt > 0)
        {
            // Every run but the first ends here.
        }

        var operations = layer.Operations;
        layer.Crash(seed);
        await RecoverAsync(layer, model, $"crash at file operation {crashAt}, seed {seed}");
        return operations;
    }
}
