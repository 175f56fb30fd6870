using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Proofs;

/// <summary>
/// One stored byte is turned round, then the shard is patched. Either the patch is stopped and
/// nothing has changed, or the byte was none that it takes in, and what it commits is what it
/// commits over sound bytes: never does damage become part of something new.
/// </summary>
public sealed class FlippedByteTests(ITestOutputHelper output)
{
    private const int Positions = 250;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_byte_of_a_deltas_frames_is_caught_or_harmless(bool isForwards)
    {
        var bench = await PatchBench.NewAsync(isForwards);
        var random = Seeded(isForwards ? 1 : 2);
        var names = bench.Deltas().ConvertAll(d => d + ".dat");
        var caught = await RunAsync(bench, bench.Rig.Delta, () =>
        {
            var name = names[random.Next(names.Count)];
            return (name, random.Next(bench.Rig.Delta.Peek(name)!.Length));
        });
        Assert.InRange(caught, Positions / 20, Positions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_byte_of_a_deltas_index_is_caught(bool isForwards)
    {
        var bench = await PatchBench.NewAsync(isForwards);
        var random = Seeded(isForwards ? 3 : 4);
        var names = bench.Deltas().ConvertAll(d => d + ".idx");
        var caught = await RunAsync(bench, bench.Rig.Delta, () =>
        {
            var name = names[random.Next(names.Count)];
            return (name, random.Next(bench.Rig.Delta.Peek(name)!.Length));
        });
        Assert.Equal(Positions, caught);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_byte_of_the_bases_frames_is_caught_or_harmless(bool isForwards)
    {
        var (bench, segments, _, _) = await BaseAsync(isForwards);
        var random = Seeded(isForwards ? 5 : 6);
        var caught = await RunAsync(
            bench, bench.Rig.Base,
            () => (ObjectNames.Base(PatchBench.Shard), random.Next(segments)));
        Assert.InRange(caught, Positions / 20, Positions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_byte_of_an_index_page_is_caught_or_harmless(bool isForwards)
    {
        var (bench, segments, pages, _) = await BaseAsync(isForwards);
        var random = Seeded(isForwards ? 7 : 8);
        var caught = await RunAsync(
            bench, bench.Rig.Base,
            () => (ObjectNames.Base(PatchBench.Shard), segments + random.Next(pages)));
        Assert.InRange(caught, Positions / 20, Positions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_byte_of_the_footer_is_caught(bool isForwards)
    {
        var (bench, segments, pages, length) = await BaseAsync(isForwards);
        var random = Seeded(isForwards ? 9 : 10);
        var caught = await RunAsync(
            bench, bench.Rig.Base,
            () => (ObjectNames.Base(PatchBench.Shard), random.Next(segments + pages, length)));
        Assert.Equal(Positions, caught);
    }

    private Random Seeded(int seed)
    {
        output.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    private static async Task<(PatchBench Bench, int Segments, int Pages, int Length)> BaseAsync(
        bool isForwards)
    {
        var bench = await PatchBench.NewAsync(isForwards);
        var image = await bench.BaseAsync();
        return (
            bench, image.Footer.Segments.Sum(s => s.LengthBytes),
            image.Footer.Pages.Sum(p => p.LengthBytes), (int)image.LengthBytes);
    }

    /// <summary>Flips, patches and judges, once for each position; how many were caught.</summary>
    private async Task<int> RunAsync(
        PatchBench bench, SimulatedStore store, Func<(string Name, int Offset)> choose)
    {
        await bench.PatchAsync();
        var sound = Contents(bench);
        var caught = 0;
        for (var i = 0; i < Positions; i++)
        {
            bench.Reset();
            var (name, offset) = choose();
            store.FlipByte(name, offset);
            var before = bench.Listing;
            var error = await Record.ExceptionAsync(() => bench.PatchAsync());
            var where = $"byte {offset} of {name}";
            if (error is null)
            {
                Judge(sound, Contents(bench), $"{store.Description}:{name}", where);
                continue;
            }
            Assert.True(error is ProofFailedException or CorruptObjectException, $"{where}: {error}");
            Assert.True(before.SequenceEqual(bench.Listing), $"{where}: something has changed");
            caught++;
        }
        output.WriteLine($"{caught} of {Positions} caught, the others harmless");
        bench.Reset();
        await bench.Rig.CheckAsync("the flip taken back");
        return caught;
    }

    private static SortedDictionary<string, byte[]> Contents(PatchBench bench)
    {
        var contents = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var store in new[] { bench.Rig.Base, bench.Rig.Delta })
            foreach (var found in store.Fingerprint("machines/"))
                contents.Add(
                    $"{store.Description}:{found.Name}", store.Peek(found.Name)!);
        return contents;
    }

    /// <summary>All is as over sound bytes, but for the one turned byte where it still lies.</summary>
    private static void Judge(
        SortedDictionary<string, byte[]> sound, SortedDictionary<string, byte[]> found,
        string flipped, string where)
    {
        Assert.Equal(sound.Keys, found.Keys);
        foreach (var (name, content) in found)
        {
            Assert.Equal(sound[name].Length, content.Length);
            var differing = content.Zip(sound[name]).Count(p => p.First != p.Second);
            var most = string.Equals(name, flipped, StringComparison.Ordinal) ? 1 : 0;
            Assert.True(differing <= most, $"{where}: {differing} bytes differ in {name}");
        }
    }
}
