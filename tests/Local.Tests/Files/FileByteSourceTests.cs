using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Files;
using SnapshotFunctions.LocalTests.Oracle;
using Xunit;

namespace SnapshotFunctions.LocalTests.Files;

public sealed class FileByteSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder["disk.raw"];

    [Fact]
    public async Task A_file_is_read_by_ranges_under_its_own_name()
    {
        await File.WriteAllBytesAsync(FilePath, [1, 2, 3, 4, 5]);
        await using var source = new FileByteSource(FilePath);
        var bytes = new byte[3];
        await source.ReadAsync(1, bytes);
        Assert.Equal([2, 3, 4], bytes);
        Assert.Equal("disk.raw", source.Name);
        Assert.Equal(5, source.LengthBytes);
        Assert.Equal(4, source.Identity.Split(':').Length);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            async () => await source.ReadAsync(3, bytes));
    }

    [Fact]
    public async Task Holes_are_known_where_the_file_system_keeps_them()
    {
        const long DataAt = 16 << 20;
        using (var file = File.OpenHandle(FilePath, FileMode.CreateNew, FileAccess.Write))
        {
            RandomAccess.Write(file, new byte[] { 1 }, DataAt);
            RandomAccess.SetLength(file, 32 << 20);
        }

        await using var source = new FileByteSource(FilePath);
        var data = await source.NextDataAsync(0, source.LengthBytes);
        Assert.NotNull(data);
        Assert.InRange(DataAt, data.Value.Offset, data.Value.End - 1);
        if (!OperatingSystem.IsLinux())
            return;
        Assert.InRange(data.Value.Length, 1, 1 << 20);
        Assert.Null(await source.NextDataAsync(data.Value.End, source.LengthBytes));
        Assert.Equal(
            new ByteRange(DataAt, DataAt + 1), await source.NextDataAsync(DataAt, DataAt + 1));
        Assert.Null(await source.NextDataAsync(0, DataAt / 2));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task A_file_that_changes_is_never_read_on(int newLength)
    {
        await File.WriteAllBytesAsync(FilePath, [1, 2, 3, 4, 5]);
        File.SetLastWriteTimeUtc(FilePath, DateTime.UnixEpoch.AddDays(9000));
        await using var source = new FileByteSource(FilePath);
        await File.WriteAllBytesAsync(FilePath, new byte[newLength]);
        var e = await Assert.ThrowsAsync<InvalidImageException>(
            async () => await source.ReadAsync(0, new byte[2]));
        Assert.Equal("changed", e.Reason);
        e = await Assert.ThrowsAsync<InvalidImageException>(
            async () => await source.NextDataAsync(0, 5));
        Assert.Equal("changed", e.Reason);
    }

    [Fact]
    public async Task A_file_replaced_under_its_name_is_still_read_as_it_was()
    {
        await File.WriteAllBytesAsync(FilePath, [1, 2, 3]);
        await using var source = new FileByteSource(FilePath);
        await File.WriteAllBytesAsync(_folder["new"], [9, 9, 9]);
        File.Move(_folder["new"], FilePath, overwrite: true);
        var bytes = new byte[3];
        await source.ReadAsync(0, bytes);
        Assert.Equal([1, 2, 3], bytes);
        await using var other = new FileByteSource(FilePath);
        Assert.False(
            string.Equals(source.Identity, other.Identity, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();
}
