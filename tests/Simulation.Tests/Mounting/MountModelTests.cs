using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Mounting;

/// <summary>Random reads and writes of a mount, held against a plain array of bytes.</summary>
public sealed class MountModelTests(ITestOutputHelper output)
{
    private const int Rounds = 150;
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task A_mount_reads_as_what_was_written_over_its_version(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (rig, disks) = await Scenes.PreparedAsync(BaseRuleSettings.Newest, 3);
        var mount = await rig.Life.Services.Mounts.OpenAsync(
            Rig.Machine, 2, Written.NewId(seed), None);
        var models = rig.Model[2].ToDictionary(d => d.Key, d => (byte[])d.Value.Clone());
        for (var round = 0; round < Rounds; round++)
        {
            var (disk, model) = models.ElementAt(random.Next(models.Count));
            var length = random.Next(4) == 0
                ? random.Next(1, 20_000) : random.Next(1, 700);
            var offset = random.Next(model.Length);
            if (random.Next(3) == 0) offset -= offset % 256;
            if (random.Next(12) == 0) offset = Math.Max(0, model.Length - length);
            length = Math.Min(length, model.Length - offset);
            var bytes = new byte[length];
            if (random.Next(4) > 0) random.NextBytes(bytes);
            await Written.WriteAsync(rig.Life, mount, disk, offset, bytes);
            bytes.CopyTo(model, offset);
            // The version's chain moves beneath it, as it does at any time.
            if (round == 50) await rig.ConsolidateAsync(1);
            if (round == 70) rig.NewLife();
            if (round == 100)
            {
                disks.Change();
                await rig.IngestAsync(disks.All);
            }
            if (round % 10 != 9) continue;
            foreach (var (name, expected) in models)
                Assert.Equal(
                    expected,
                    await Written.ReadAsync(rig.Life, mount, name, lists: random.Next(2) == 0));
        }
        await rig.CheckAsync("the versions");
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public async Task No_writer_of_a_chunk_loses_what_another_has_written(int seed)
    {
        output.WriteLine($"seed {seed}");
        const int Writers = 8;
        const int Sector = 256;
        var rig = new Rig(yields: true);
        var content = new byte[40_000];
        new Random(seed).NextBytes(content);
        await rig.IngestAsync(("disk0", content));
        var mount = await rig.Life.Services.Mounts.OpenAsync(
            Rig.Machine, null, Written.NewId(seed), None);
        // Each writer has sectors of its own, in between those of all others, and overwrites them.
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var life = rig.LifeOf(rig.Process);
            var random = new Random((seed * 100) + writer);
            for (var round = 0; round < 25; round++)
            {
                var sector = (random.Next(content.Length / Sector / Writers) * Writers) + writer;
                var bytes = new byte[random.Next(1, Sector + 1)];
                random.NextBytes(bytes);
                var at = (sector * Sector) + random.Next(Sector - bytes.Length + 1);
                await Written.WriteAsync(life, mount, "disk0", at, bytes);
                // Sectors of others are theirs to write here.
                bytes.CopyTo(content, at);
            }
        })));
        Assert.Equal(content, await Written.ReadAsync(rig.Life, mount, "disk0"));
        Assert.Equal(content, await Written.ReadAsync(rig.Life, mount, "disk0", lists: false));
        await rig.CheckAsync("the version");
    }

    [Fact]
    public async Task What_is_read_of_a_damaged_chunk_is_an_error_and_never_other_bytes()
    {
        var (rig, _) = await Scenes.PreparedAsync(BaseRuleSettings.Newest, 1);
        var mount = await rig.Life.Services.Mounts.OpenAsync(
            Rig.Machine, 1, Written.NewId(5), None);
        await Written.WriteAsync(rig.Life, mount, "disk0", 300, new byte[] { 1, 2, 3 });
        var name = ObjectNames.MountChunk(Rig.Machine, mount.Id, "disk0", 0);
        for (var at = 0; at < rig.Base.Peek(name)!.Length; at += 7)
        {
            rig.Base.FlipByte(name, at);
            await Assert.ThrowsAsync<CorruptObjectException>(
                () => Written.ReadAsync(rig.Life, mount, "disk0"));
            rig.Base.FlipByte(name, at);
        }
        Assert.Equal(
            new byte[] { 1, 2, 3 },
            (await Written.ReadAsync(rig.Life, mount, "disk0"))[300..303]);
    }
}
