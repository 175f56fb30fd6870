using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.EngineTests.Model;

public sealed class ObjectNamesTests
{
    private static readonly ShardKey Shard = new("web-01", "system", 42);

    [Fact]
    public void Keys_come_back_from_the_names_made_of_them()
    {
        var random = new Random(41);
        for (var n = 0; n < 1000; n++)
        {
            var shard = new ShardKey($"m{random.Next()}", $"d-{random.Next()}", random.Next(1_000_000));
            var delta = new DeltaKey(
                random.Next(100_000_000), random.Next(100_000_000), random.NextInt64(1_000_000_000_000));
            foreach (var name in new[]
            {
                ObjectNames.DeltaIndex(shard, delta), ObjectNames.DeltaData(shard, delta),
            })
            {
                Assert.True(ObjectNames.TryParseDelta(name, out var foundShard, out var found));
                Assert.Equal((shard, delta), (foundShard, found));
                Assert.False(ObjectNames.TryParseBase(name, out _));
                Assert.StartsWith(ObjectNames.Shard(shard), name, StringComparison.Ordinal);
            }
            Assert.True(ObjectNames.TryParseBase(ObjectNames.Base(shard), out var based));
            Assert.Equal(shard, based);
            Assert.False(ObjectNames.TryParseDelta(ObjectNames.Base(shard), out _, out _));
        }
    }

    [Theory]
    [InlineData("nvram", true)]
    [InlineData("vm.xml", true)]
    [InlineData("0-a.b..c", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData(".hidden", false)]
    [InlineData("-a", false)]
    [InlineData("a/b", false)]
    [InlineData("a\\b", false)]
    [InlineData("NVRAM", false)]
    [InlineData("nvram\n", false)]
    [InlineData("nvrаm", false)]
    public void A_machine_file_is_named_so_that_it_stays_in_its_folder(string name, bool isName)
    {
        Assert.Equal(isName, ObjectNames.IsFileName(name));
        Assert.True(ObjectNames.IsFileName(new string('a', 63)));
        Assert.False(ObjectNames.IsFileName(new string('a', 64)));
    }

    [Fact]
    public void What_a_machine_files_object_is_of_comes_back_from_its_name()
    {
        var name = ObjectNames.MachineFile("web-01", 7, 99, 3);
        Assert.True(ObjectNames.TryParseMachineFile(
            name, out var version, out var operation, out var index));
        Assert.Equal((7, 99L, 3), (version, operation, index));
        Assert.False(ObjectNames.TryParseMachineFile($"{name}0", out _, out _, out _));
        Assert.False(ObjectNames.TryParseMachineFile($"x/{name}", out _, out _, out _));
    }

    [Fact]
    public void What_a_pack_is_comes_back_from_its_name()
    {
        var name = ObjectNames.Pack("web-01", 99, 7);
        Assert.Equal("machines/web-01/packs/000000000099-0007.pack", name);
        Assert.True(ObjectNames.TryParsePack(name, out var machine, out var operation, out var number));
        Assert.Equal(("web-01", 99L, 7), (machine, operation, number));
        foreach (var other in new[] { $"x/{name}", $"{name}0", name.Replace("0099", "٠٠99", StringComparison.Ordinal) })
            Assert.False(ObjectNames.TryParsePack(other, out _, out _, out _));
    }

    [Fact]
    public void Names_are_those_of_the_document()
    {
        var hash = Hash256.Of("x"u8);
        const string prefix = "machines/web-01/disks/system/000042/";
        var delta = new DeltaKey(7, 6, 99);
        Assert.Equal(prefix + "base", ObjectNames.Base(Shard));
        Assert.Equal(prefix + "00000007-00000006-000000000099.idx", ObjectNames.DeltaIndex(Shard, delta));
        Assert.Equal(prefix + "00000007-00000006-000000000099.dat", ObjectNames.DeltaData(Shard, delta));
        Assert.Equal(prefix + "merged-2-00000003-000000000099.idx", ObjectNames.MergedIndex(Shard, 2, 3, 99));
        Assert.Equal("machines/web-01/head.json", ObjectNames.Head("web-01"));
        Assert.Equal("machines/web-01/heads/000000000099.json", ObjectNames.HeadCopy("web-01", 99));
        Assert.Equal($"machines/web-01/pages/{hash}.json", ObjectNames.VersionPage("web-01", hash));
        Assert.Equal($"machines/web-01/tables/{hash}.bin", ObjectNames.ShardTable("web-01", hash));
        Assert.Equal(
            "machines/web-01/files/00000007-000000000099-03",
            ObjectNames.MachineFile("web-01", 7, 99, 3));
        Assert.Equal(
            "machines/web-01/operations/000000000099/000004", ObjectNames.OperationChunk("web-01", 99, 4));
    }

    [Theory]
    [InlineData("")]
    [InlineData("machines/web-01/disks/system/000042/base ")]
    [InlineData("machines/web-01/disks/system/000042/base\n")]
    [InlineData("x/machines/web-01/disks/system/000042/base")]
    [InlineData("machines/../disks/system/000042/base")]
    [InlineData("machines/WEB/disks/system/000042/base")]
    [InlineData("machines/web-01/disks/sys tem/000042/base")]
    [InlineData("machines/web-01/disks/system/42/base")]
    [InlineData("machines/web-01/disks/system/-00042/base")]
    [InlineData("machines/web-01/disks/system/٠٠٠٠٤٢/base")]
    [InlineData("machines/web-01/disks/system/000042/00000007-00000006-0000000000990.idx")]
    [InlineData("machines/web-01/disks/system/000042/٠٠٠٠٠٠٠٧-00000006-000000000099.idx")]
    [InlineData("machines/web-01/disks/system/000042/00000007-00000006-000000000099.tmp")]
    [InlineData("machines/web-01/disks/a/b/000042/00000007-00000006-000000000099.idx")]
    public void A_name_of_no_object_is_no_key(string name)
    {
        Assert.False(ObjectNames.TryParseBase(name, out _));
        Assert.False(ObjectNames.TryParseDelta(name, out _, out _));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("0-a-", true)]
    [InlineData("-a", false)]
    [InlineData("", false)]
    [InlineData("A", false)]
    [InlineData("a.b", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a\n", false)]
    [InlineData("é", false)]
    [InlineData("٣", false)]
    public void A_name_is_small_letters_digits_and_dashes(string name, bool good)
    {
        Assert.Equal(good, ObjectNames.IsName(name));
        if (good) Assert.Equal(name, ObjectNames.CheckName("machine", name));
        else Assert.Throws<RefusedException>(() => ObjectNames.CheckName("machine", name));
    }

    [Fact]
    public void A_name_has_at_most_63_characters()
    {
        Assert.True(ObjectNames.IsName(new string('a', 63)));
        Assert.False(ObjectNames.IsName(new string('a', 64)));
    }
}
