using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Store;
using Xunit;

namespace SnapshotFunctions.LocalTests.Store;

/// <summary>Long blocks begin at pages of their data file and pass the page cache by.</summary>
public sealed class LongBlockTests : IDisposable
{
    private const int Page = DirectWriter.AlignmentBytes;
    private readonly string _root = TestFolders.Make(TestFolders.Disk);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Long_and_short_blocks_in_any_order_are_read_back_by_another_process()
    {
        for (var seed = 1; seed <= 12; seed++)
        {
            var random = new Random(seed);
            var name = $"object-{seed}";
            var blocks = Enumerable.Range(0, 9).Select(n => (Id: Id(n), Content: Content(random)))
                .ToList();
            using (var one = FolderStore.Open(_root))
            {
                foreach (var (id, content) in blocks.Take(5))
                    await one.StageBlockAsync(name, id, content);
            }
            using var other = FolderStore.Open(_root);
            // Several at once, from bytes that lie anywhere in memory.
            await Task.WhenAll(blocks.Skip(5).Select(b => other.StageBlockAsync(
                name, b.Id, Shifted(b.Content, random.Next(64)))));
            await other.CommitBlocksAsync(
                name, [.. blocks.Select(b => new BlockReference(b.Id, false))],
                WriteOptions.Create());
            var (whole, _) = await other.ReadWholeAsync(name, 64 << 20);
            Assert.True(
                whole.AsSpan().SequenceEqual(blocks.SelectMany(b => b.Content).ToArray()),
                $"seed {seed}");
        }
    }

    [Fact]
    public async Task Only_the_content_of_long_blocks_begins_at_a_page()
    {
        using var store = FolderStore.Open(_root);
        byte[] marked = [.. "LONG"u8, .. new byte[DirectWriter.LeastBytes]];
        await store.StageBlockAsync("a", Id(1), "short"u8.ToArray());
        await store.StageBlockAsync("a", Id(2), marked);
        await store.StageBlockAsync("a", Id(3), "short"u8.ToArray());
        await store.StageBlockAsync("a", Id(4), marked);
        var file = Directory.EnumerateFiles(_root, "*.b", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(file);
        var first = bytes.AsSpan().IndexOf("LONG"u8);
        var second = bytes.AsSpan(first + 1).IndexOf("LONG"u8) + first + 1;
        Assert.Equal((Page, 0), (first, second % Page));
        // A short block follows at once: padding would cost more than it gains.
        Assert.Equal(
            first + marked.Length + BlockRecord.HeaderBytes,
            bytes.AsSpan(first).IndexOf("short"u8) + first);
        Assert.True(bytes.Length < (2 * marked.Length) + (3 * Page));
    }

    [Fact]
    public async Task A_block_cut_short_behind_its_padding_is_not_taken_for_one()
    {
        var content = Content(new Random(5), DirectWriter.LeastBytes * 2);
        using (var one = FolderStore.Open(_root))
            await one.StageBlockAsync("a", Id(1), content);
        var file = Directory.EnumerateFiles(_root, "*.b", SearchOption.AllDirectories).Single();
        using (var handle = File.OpenHandle(file, access: FileAccess.ReadWrite))
            RandomAccess.SetLength(handle, RandomAccess.GetLength(handle) - Page);
        using var other = FolderStore.Open(_root);
        await Assert.ThrowsAsync<OvertakenException>(() => other.CommitBlocksAsync(
            "a", [new BlockReference(Id(1), false)], WriteOptions.Create()));
        await other.StageBlockAsync("a", Id(1), content);
        await other.CommitBlocksAsync(
            "a", [new BlockReference(Id(1), false)], WriteOptions.Create());
        Assert.Equal(content, (await other.ReadWholeAsync("a", 1 << 24)).Content);
    }

    private static string Id(int n) => StoreModel.IdOf($"{n:x8}");

    private static byte[] Content(Random random) => Content(random, random.Next(3) switch
    {
        0 => random.Next(1, 5000),
        1 => DirectWriter.LeastBytes + random.Next(-2, 3),
        _ => random.Next(DirectWriter.LeastBytes, 6 << 20),
    });

    private static byte[] Content(Random random, int length)
    {
        var content = new byte[length];
        random.NextBytes(content);
        return content;
    }

    private static ReadOnlyMemory<byte> Shifted(byte[] content, int by)
    {
        var room = new byte[content.Length + by];
        content.CopyTo(room, by);
        return room.AsMemory(by);
    }
}
