using Microsoft.Win32.SafeHandles;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Store;
using Xunit;

namespace SnapshotFunctions.LocalTests.Store;

/// <summary>Writes past the page cache leave what any write leaves, or leave it to the caller.</summary>
public sealed class DirectWriterTests : IDisposable
{
    private const int Page = DirectWriter.AlignmentBytes;
    private readonly string _root = TestFolders.Make(TestFolders.Disk);
    private readonly SafeFileHandle _file;

    public DirectWriterTests() => _file = File.OpenHandle(
        $"{_root}/file", FileMode.CreateNew, FileAccess.ReadWrite);

    public void Dispose()
    {
        _file.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public void It_writes_whole_pages_from_any_memory_and_leaves_the_rest()
    {
        using var writer = Open();
        var random = new Random(3);
        var expected = new byte[40 << 20];
        for (var n = 0; n < 60; n++)
        {
            var buffer = PageBuffer.Rent(8 << 20);
            var shift = n % 2 == 0 ? 0 : random.Next(Page);
            var content = buffer.Span.Slice(shift, random.Next(DirectWriter.LeastBytes, 6 << 20));
            random.NextBytes(content);
            var offset = random.Next(32 << 8) * (long)Page;
            var written = writer.Write(offset, content);
            Assert.Equal(content.Length / Page * Page, written);
            content[..written].CopyTo(expected.AsSpan((int)offset));
            buffer.Return();
        }
        var found = new byte[expected.Length];
        Assert.InRange(RandomAccess.Read(_file, found, 0), 1 << 20, found.Length);
        Assert.True(found.AsSpan().SequenceEqual(expected), "seed 3");
    }

    [Fact]
    public void What_is_short_or_begins_within_a_page_is_the_callers()
    {
        using var writer = Open();
        var content = new byte[DirectWriter.LeastBytes];
        Assert.Equal(0, writer.Write(Page, content.AsSpan(1)));
        Assert.Equal(0, writer.Write(Page + 512, content));
        Assert.Equal(0, RandomAccess.GetLength(_file));
    }

    [Fact]
    public void It_mixes_with_writes_through_the_cache()
    {
        using var writer = Open();
        var before = Enumerable.Repeat((byte)1, DirectWriter.LeastBytes * 3).ToArray();
        RandomAccess.Write(_file, before, 0);
        var direct = Enumerable.Repeat((byte)2, DirectWriter.LeastBytes).ToArray();
        Assert.Equal(direct.Length, writer.Write(DirectWriter.LeastBytes, direct));
        RandomAccess.Write(_file, new byte[] { 3 }, DirectWriter.LeastBytes);
        RandomAccess.FlushToDisk(_file);
        var found = new byte[before.Length];
        Assert.Equal(found.Length, RandomAccess.Read(_file, found, 0));
        direct[0] = 3;
        byte[] expected =
        [
            .. before[..DirectWriter.LeastBytes], .. direct, .. before[..DirectWriter.LeastBytes],
        ];
        Assert.True(found.AsSpan().SequenceEqual(expected));
    }

    [Fact]
    public void A_file_without_such_writes_is_written_as_ever()
    {
        // A device that takes no such opening, and has no room: the ordinary write tells that.
        using var full = File.OpenHandle("/dev/full", access: FileAccess.ReadWrite);
        Assert.Null(DirectWriter.TryOpen(full));
        using var file = new DiskFile(full);
        var error = Assert.Throws<IOException>(
            () => file.Write(0, new byte[DirectWriter.LeastBytes]));
        Assert.Equal(28, error.HResult);
    }

    private DirectWriter Open()
    {
        var writer = DirectWriter.TryOpen(_file);
        Assert.NotNull(writer);
        return writer;
    }
}
