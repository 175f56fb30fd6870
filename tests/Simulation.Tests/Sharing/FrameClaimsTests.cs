using System.Collections.Concurrent;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Writing;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Sharing;

public sealed class FrameClaimsTests
{
    [Fact]
    public void The_lowest_block_of_a_content_makes_the_frame_however_they_race()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            var contents = Enumerable.Range(0, 400).Select(_ => random.Next(20)).ToArray();
            var order = Enumerable.Range(0, contents.Length).ToArray();
            random.Shuffle(order);
            var claims = new FrameClaims();
            var made = new ConcurrentDictionary<int, bool>();

            Parallel.ForEach(order, new ParallelOptions { MaxDegreeOfParallelism = 4 }, block =>
                made[block] = claims.Claim(Hash256.Of([(byte)contents[block]]), block));

            foreach (var equal in Enumerable.Range(0, contents.Length).GroupBy(b => contents[b]))
                Assert.True(made[equal.Min()], $"seed {seed}: block {equal.Min()} made no frame");
        }
    }

    [Fact]
    public void A_higher_block_is_left_to_a_lower_one_and_a_lower_one_takes_over()
    {
        var claims = new FrameClaims();
        var (one, other) = (Hash256.Of("one"u8), Hash256.Of("other"u8));
        Assert.True(claims.Claim(one, 7));
        Assert.False(claims.Claim(one, 9));
        Assert.True(claims.Claim(one, 3));
        Assert.False(claims.Claim(one, 7));
        Assert.True(claims.Claim(other, 9));
    }
}
