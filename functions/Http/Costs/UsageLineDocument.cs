using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Costs;

/// <summary>How much of one kind in one tier.</summary>
/// <param name="Kind">
/// <c>read</c>, <c>write</c>, <c>list</c>, <c>other</c>, <c>delete</c>, <c>earlyDeletion</c> (its
/// bytes are byte-days), <c>rehydrateStandard</c>, <c>rehydrateHigh</c>, <c>stored</c> (more or
/// less than before).
/// </param>
/// <param name="Tier">The tier that it is billed in.</param>
/// <param name="Count">Operations, or objects.</param>
/// <param name="Bytes">Bytes.</param>
/// <param name="Price">What it costs once; of what is stored, what it costs a month.</param>
public sealed record UsageLineDocument(
    string Kind, string Tier, long Count, long Bytes, decimal Price)
{
    /// <summary>The document of a line.</summary>
    public static UsageLineDocument Of(UsageLine line, PriceTable prices) => new(
        Words.Of(line.Kind), Words.Of(line.Tier), line.Count, line.Bytes,
        UsageDocument.Rounded(line.Kind == UsageKind.Stored
            ? prices.Month(line.Tier, line.Bytes) : prices.Once(line)));
}
