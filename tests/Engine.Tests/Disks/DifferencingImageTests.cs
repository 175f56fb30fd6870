using System.IO.Compression;
using System.Security.Cryptography;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Images;
using SnapshotFunctions.TestShared.Sources;
using Xunit;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>Chains that another program wrote; tests/data/images tells which.</summary>
public sealed class DifferencingImageTests
{
    [Theory]
    [InlineData("vhd", 1, "acd0ca0843156f91abab6d77f83f9ee42efe251768f5a70672f7139d6065f9c9")]
    [InlineData("vhd", 2, "c2a80342923b0bb0967b436d4789f0d7872a43fd76110805b10660c96395f246")]
    [InlineData("vhd", 3, "d5700cf5d68a9213b310d44995e67705ca6a64ec76f65198496243a0b7b45613")]
    [InlineData("vhdx", 1, "fc4b5a43b62201a8659e41736cfa041dd8def18202dcc8d3164f0ed943d78d7f")]
    [InlineData("vhdx", 2, "541b52bfbddcab5165f5ba8f7beb6f714f7c52a213c4c40a9257534b2ce24c0a")]
    [InlineData("vhdx", 3, "440879c68a63003070e4106f3f3eeddeac894ce9dad4d117c685cf8328ad1b98")]
    public async Task A_chain_of_another_writer_reads_as_two_other_readers_read_it(
        string format, int length, string sha256)
    {
        byte[] disk = [];
        string? parentId = null;
        foreach (var name in new[] { "base", "child1", "child2" }.Take(length))
        {
            await using var image = await ImageOpener.OpenAsync(
                new MemoryByteSource(Unzip($"{name}.{format}")), format);
            Array.Resize(ref disk, (int)image.SizeBytes);
            await foreach (var (range, kind) in image.ExtentsAsync(new ByteRange(0, disk.Length)))
            {
                if (kind == ExtentKind.Parent)
                    continue;
                await image.ReadAsync(
                    range.Offset, disk.AsMemory((int)range.Offset, (int)range.Length));
            }

            Assert.Equal(parentId is not null, image.HasParent);
            if (parentId is not null)
                Assert.Contains(parentId, image.Identity.ParentIds);
            parentId = image.Identity.Id;
            Assert.NotNull(parentId);
        }

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(disk)));
    }

    private static byte[] Unzip(string name)
    {
        using var zipped = new GZipStream(
            File.OpenRead(Path.Combine(Repository.Root, "tests", "data", "images", name + ".gz")),
            CompressionMode.Decompress);
        using var file = new MemoryStream();
        zipped.CopyTo(file);
        return file.ToArray();
    }
}
