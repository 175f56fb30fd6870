using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.EngineTests.Format;

public sealed class HostileTests(ITestOutputHelper output)
{
    private const int Cases = 100_000;

    [Theory]
    [InlineData("footer", 1)]
    [InlineData("delta", 2)]
    [InlineData("merged", 3)]
    [InlineData("page", 4)]
    [InlineData("shared", 5)]
    public void Whatever_decodes_under_a_repaired_seal_is_safe_to_read(string name, int seed)
    {
        var structure = Structure.All[name];
        var random = new Random(seed);
        structure.Again(structure.Make(random));
        var decoded = 0;
        for (var n = 0; n < Cases; n++)
        {
            var stored = structure.Make(random);
            var content = stored.Length - (structure.Sealed ? Structure.SealBytes : 0);
            if (random.Next(8) == 0)
                stored = [.. Mutation.Parts(stored[..content], random), .. stored.AsSpan(content)];
            else
                for (var change = random.Next(1, 4); change > 0; change--)
                    Mutation.Number(stored.AsSpan(0, content), random);
            if (Bounded.Decode(structure, structure.Reseal(stored), $"seed {seed}, case {n}"))
                decoded++;
        }
        output.WriteLine($"{name}, seed {seed}: {decoded} of {Cases} decoded and were safe.");
        // Were none or all of them refused, this test would prove nothing.
        Assert.InRange(decoded, Cases / 100, Cases * 99 / 100);
    }
}
