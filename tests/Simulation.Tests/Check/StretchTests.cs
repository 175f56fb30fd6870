using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Check;

/// <summary>A full check goes over a page in stretches: no block twice, none left out.</summary>
public sealed class StretchTests
{
    private const int BlockBytes = 2048;

    // Where the fixture's base ends up; two forward incrementals come after it, five reverse before.
    private const int Base = 6;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(30)]
    public async Task Each_change_of_each_block_is_proved_once(int blocksPerPage)
    {
        var made = await CheckFixture.MadeAsync(
            layout: new Layout(512, BlockBytes, blocksPerPage, 8192, 61_440));
        var result = await made.VerifyAsync(CheckDepth.Full);
        Assert.True(result.IsSound);
        var inBase = BlocksThatHold(made.Images[Base - 1]).ToHashSet();
        // All of the base once by its segments; then each way from it, whatever is changed, and
        // before that the base's block, unless a change to zeros came first.
        Assert.Equal(
            inBase.Count + Replayed([5, 4, 3, 2, 1]) + Replayed([7, 8]), result.Tally.Blocks);

        int Replayed(int[] versions)
        {
            var (count, begun) = (0, new HashSet<int>());
            foreach (var version in versions)
            {
                foreach (var block in Changed(made, version))
                {
                    var isZero = !BlocksThatHold(made.Images[version - 1]).Contains(block);
                    if (begun.Add(block) && !isZero && inBase.Contains(block)) count++;
                    if (!isZero) count++;
                }
            }
            return count;
        }
    }

    /// <summary>The blocks in which a version differs from its neighbour towards the base.</summary>
    private static IEnumerable<int> Changed(CheckFixture made, int version)
    {
        var (image, other) = (
            made.Images[version - 1], made.Images[(version < Base ? version + 1 : version - 1) - 1]);
        return Enumerable.Range(0, image.Length / BlockBytes)
            .Where(b => !Block(image, b).SequenceEqual(Block(other, b)));
    }

    private static IEnumerable<int> BlocksThatHold(byte[] image) =>
        Enumerable.Range(0, image.Length / BlockBytes)
            .Where(b => Block(image, b).ContainsAnyExcept((byte)0));

    private static ReadOnlySpan<byte> Block(byte[] image, int block) =>
        image.AsSpan(block * BlockBytes, BlockBytes);
}
