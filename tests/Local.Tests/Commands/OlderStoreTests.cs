using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.TestShared.Sources;
using Xunit;

namespace SnapshotFunctions.LocalTests.Commands;

/// <summary>
/// A store that was written before bases shared frames: three versions of one disk of 16 blocks,
/// many of which are equal, so that its base has their frames several times.
/// </summary>
public sealed class OlderStoreTests : IDisposable
{
    private const int BlockBytes = 65_536;

    private static readonly int[][] Versions =
    [
        [1, 2, 3, 1, 1, 0, 4, 5, 2, 6, 0, 7, 8, 9, 1, 10],
        [11, 2, 3, 11, 1, 5, 4, 5, 0, 6, 0, 7, 11, 9, 1, 10],
        [1, 2, 3, 11, 1, 5, 4, 5, 0, 12, 12, 7, 11, 9, 1, 10],
    ];

    private readonly CommandBench _bench = new();

    public OlderStoreTests() => ZipFile.ExtractToDirectory(
        Path.Combine(Repository.Root, "tests", "data", "stores", "before-sharing.zip"),
        Path.GetDirectoryName(_bench.Store)!);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task It_is_read_moved_and_added_to()
    {
        Assert.Null(Footer().Shared);
        await RequireAsync(3);

        await _bench.OkAsync("consolidate", "vm", "--base", "1");
        // Blocks 0 and 3 become equal by it; 4 and 14, which were so before, keep their frames.
        Assert.NotNull(Footer().Shared);
        await RequireAsync(3);

        int[] next = [12, 12, 3, 13, 13, 13, 4, 5, 0, 12, 2, 7, 11, 9, 1, 10];
        await File.WriteAllBytesAsync(_bench["v4.raw"], Content(next));
        await _bench.OkAsync("ingest", "vm", _bench["v4.raw"]);

        Assert.Equal(4, Footer().Version);
        Assert.NotNull(Footer().Shared);
        await RequireAsync(3);
        Assert.Equal(Hash(next), await _bench.HashAsync("vm", "4", next.Length * BlockBytes));
    }

    private async Task RequireAsync(int versions)
    {
        for (var i = 0; i < versions; i++)
            Assert.Equal(
                Hash(Versions[i]),
                await _bench.HashAsync("vm", $"{i + 1}", Versions[i].Length * BlockBytes));
        var verified = await _bench.JsonAsync("verify", "vm", "--full");
        Assert.True(verified.GetProperty("isSound").GetBoolean(), verified.ToString());
    }

    /// <summary>The folder store keeps a base's blocks in one file; its last bytes are the footer.</summary>
    private BaseFooter Footer()
    {
        var folder = Path.Combine(
            _bench.Store, "base", "objects", "machines.f", "vm.f", "disks.f", "disk0.f", "000000.f");
        foreach (var file in Directory.GetFiles(folder, "*.b", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(file);
            var end = bytes.AsSpan().LastIndexOf("SFfoot1\n"u8) + 8;
            var length = BaseFooter.LengthFrom(bytes.AsSpan(0, end), file);
            return BaseFooter.Decode(bytes.AsSpan(end - length, length), file);
        }
        throw new FileNotFoundException("The base has no file of blocks.", folder);
    }

    private static string Hash(int[] blocks) =>
        Convert.ToHexStringLower(SHA256.HashData(Content(blocks)));

    private static byte[] Content(int[] blocks)
    {
        var content = new byte[blocks.Length * BlockBytes];
        for (var i = 0; i < blocks.Length; i++)
        {
            if (blocks[i] == 0) continue;
            var text = Encoding.ASCII.GetBytes($"content {blocks[i]:D6}; ");
            for (var at = 0; at < BlockBytes; at += text.Length)
                text.AsSpan(0, Math.Min(text.Length, BlockBytes - at))
                    .CopyTo(content.AsSpan((i * BlockBytes) + at));
        }
        return content;
    }
}
