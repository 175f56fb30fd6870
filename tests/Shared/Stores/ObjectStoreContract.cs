using System.Text;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.TestShared.Stores;

/// <summary>
/// What every object store must do, one sentence a test. A store's tests derive from this, open
/// an empty store for each test and leave nothing out; what differs between stores is a hook.
/// </summary>
public abstract partial class ObjectStoreContract
{
    /// <summary>Known gaps of an emulator; none for a store that is itself the product.</summary>
    protected virtual StoreShortcomings Shortcomings => StoreShortcomings.None;

    /// <summary>Opens a store without objects.</summary>
    protected abstract Task<IObjectStore> OpenAsync();

    /// <summary>Lets a rehydration that was asked for come to its end.</summary>
    protected virtual Task PassRehydrationAsync() => Task.CompletedTask;

    /// <summary>Bytes that differ from place to place, so that a shifted read is seen.</summary>
    protected static byte[] Bytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>These bytes one after the other.</summary>
    protected static byte[] Joined(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    /// <summary>A block's id as the product makes them: of fixed length, in base 64.</summary>
    protected static string Id(int number) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes($"block-{number:D6}"));

    /// <summary>A reference to a block of the object as it stands.</summary>
    protected static BlockReference Kept(int number) => new(Id(number), Committed: true);

    /// <summary>A reference to a staged block.</summary>
    protected static BlockReference Staged(int number) => new(Id(number), Committed: false);

    /// <summary>Stages blocks 1, 2, … of these contents and commits them in order.</summary>
    protected static async Task<ObjectProperties> CommitAsync(
        IObjectStore store, string name, params byte[][] blocks)
    {
        for (var index = 0; index < blocks.Length; index++)
            await store.StageBlockAsync(name, Id(index + 1), blocks[index]);
        return await store.CommitBlocksAsync(
            name, [.. blocks.Select((_, index) => Staged(index + 1))], new WriteOptions());
    }

    /// <summary>All bytes of an object.</summary>
    protected static async Task<byte[]> ContentAsync(IObjectStore store, string name) =>
        (await store.ReadWholeAsync(name, 64 << 20)).Content;

    /// <summary>The names a listing yields, in its order.</summary>
    protected static async Task<List<string>> NamesAsync(IObjectStore store, string prefix)
    {
        List<string> names = [];
        await foreach (var properties in store.ListAsync(prefix))
            names.Add(properties.Name);
        return names;
    }

    /// <summary>Puts an object of one byte.</summary>
    protected static Task<ObjectProperties> PutSmallAsync(IObjectStore store, string name) =>
        store.PutAsync(name, new byte[] { 7 }, new WriteOptions());

    /// <summary>The properties of an object that must be there.</summary>
    protected static async Task<ObjectProperties> FoundAsync(IObjectStore store, string name)
    {
        var found = await store.FindAsync(name);
        Assert.NotNull(found);
        return found;
    }
}
