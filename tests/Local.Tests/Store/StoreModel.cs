using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Store;
using Xunit;

namespace SnapshotFunctions.LocalTests.Store;

/// <summary>
/// What a store over the faulty layer must hold: full copies of every object, before and after the
/// one write that is under way when the machine ends.
/// </summary>
internal sealed class StoreModel
{
    private readonly Dictionary<string, ModelObject> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _dropped = new(StringComparer.Ordinal);
    private (string Name, ModelObject? After)? _underWay;
    private string? _unnamed;
    private int _commits;

    public IReadOnlyDictionary<string, ModelObject> Objects => _objects;

    public async Task PutAsync(FolderStore store, string name, byte[] content)
    {
        Begin(name, new ModelObject([new ModelBlock(string.Empty, content)], StorageTier.Hot));
        await store.PutAsync(name, content, new WriteOptions());
        End();
    }

    public async Task DeleteAsync(FolderStore store, string name)
    {
        Begin(name, null);
        Assert.Equal(_objects.ContainsKey(name), await store.DeleteAsync(name));
        End();
    }

    public async Task SetTierAsync(FolderStore store, string name, StorageTier tier)
    {
        Begin(name, _objects[name] with { Tier = tier });
        await store.SetTierAsync(name, tier);
        End();
    }

    /// <summary>Stages fresh blocks and one that no list names, and commits a list.</summary>
    public async Task CommitAsync(FolderStore store, string name, IReadOnlyList<ModelBlock> list)
    {
        var kept = _objects.GetValueOrDefault(name)?.Blocks ?? [];
        Begin(name, new ModelObject([.. list], StorageTier.Hot));
        _unnamed = IdOf($"no {++_commits}");
        await store.StageBlockAsync(name, _unnamed, new byte[] { 1, 2, 3 });
        foreach (var block in list.Except(kept))
            await store.StageBlockAsync(name, block.Id, block.Content);
        await store.CommitBlocksAsync(
            name, [.. list.Select(block => new BlockReference(block.Id, kept.Contains(block)))],
            new WriteOptions());
        End();
    }

    public static string IdOf(string text) =>
        Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(text.PadRight(12)));

    /// <summary>Compares the store with the copies; a write under way counts as either.</summary>
    public async Task CheckAsync(FolderStore store, string because)
    {
        try
        {
            await CompareAsync(store, because);
        }
        catch (SnapshotException error)
        {
            Assert.Fail($"{because}: {error}");
        }
    }

    private async Task CompareAsync(FolderStore store, string because)
    {
        if (_underWay is { } write)
        {
            var found = await LoadAsync(store, write.Name);
            var before = _objects.GetValueOrDefault(write.Name);
            Assert.True(
                Same(found, before) || Same(found, write.After),
                $"{because}: '{write.Name}' is neither as before nor as after the write");
            if (Same(found, write.After))
                End();
            _underWay = null;
        }

        List<string> names = [];
        await foreach (var listed in store.ListAsync(string.Empty))
            names.Add(listed.Name);
        Assert.Equal(_objects.Keys.Order(StringComparer.Ordinal), names);
        foreach (var (name, expected) in _objects)
            Assert.True(Same(await LoadAsync(store, name), expected), $"{because}: '{name}' differs");
        foreach (var (name, ids) in _dropped)
            await CheckDroppedAsync(store, name, ids, because);
    }

    private static async Task CheckDroppedAsync(
        FolderStore store, string name, HashSet<string> ids, string because)
    {
        foreach (var id in ids)
        {
            var error = await Record.ExceptionAsync(() => store.CommitBlocksAsync(
                name, [new BlockReference(id, Committed: false)], new WriteOptions()));
            Assert.True(error is OvertakenException, $"{because}: dropped {id} of '{name}': {error}");
        }
    }

    private static async Task<ModelObject?> LoadAsync(FolderStore store, string name)
    {
        if (await store.FindAsync(name) is not { } properties)
            return null;
        var (content, _) = await store.ReadWholeAsync(name, 16 << 20);
        var blocks = await store.GetBlocksAsync(name);
        if (blocks.Count == 0)
            return new ModelObject([new ModelBlock(string.Empty, content)], properties.Tier);
        List<ModelBlock> found = [];
        var at = 0;
        foreach (var block in blocks)
        {
            found.Add(new ModelBlock(block.Id, content[at..(at + (int)block.LengthBytes)]));
            at += (int)block.LengthBytes;
        }

        return new ModelObject([.. found], properties.Tier);
    }

    private static bool Same(ModelObject? one, ModelObject? other) =>
        one is null || other is null
            ? one is null && other is null
            : one.Tier == other.Tier
                && one.Blocks.Select(block => block.Id).SequenceEqual(
                    other.Blocks.Select(block => block.Id), StringComparer.Ordinal)
                && one.Blocks.Zip(other.Blocks).All(
                    pair => pair.First.Content.AsSpan().SequenceEqual(pair.Second.Content));

    private void Begin(string name, ModelObject? after)
    {
        _underWay = (name, after);
        _unnamed = null;
    }

    private void End()
    {
        var (name, after) = _underWay!.Value;
        var ids = _dropped.TryGetValue(name, out var known) ? known : _dropped[name] = [];
        if (_unnamed is not null)
            ids.Add(_unnamed);
        _unnamed = null;
        foreach (var block in _objects.GetValueOrDefault(name)?.Blocks ?? [])
        {
            if (block.Id.Length > 0)
                ids.Add(block.Id);
        }

        if (after is null)
            _objects.Remove(name);
        else
            _objects[name] = after;
        _underWay = null;
    }
}
