using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Costs;

/// <summary>
/// Counts into the <see cref="UsageMeter"/> of whoever calls what a provider would bill for each
/// call of a store, whichever store it is: the requests that the Azure store makes for the call,
/// in the tier that they are billed in. Calls that nobody meters go straight through.
/// </summary>
/// <remarks>
/// A request that fails is billed like one that does not, and is counted. The tier, length and age
/// of objects are remembered as they pass by; of an object that may lie in a tier of its own and
/// was never seen they are asked for, once, and that request is counted too. What the SDK repeats
/// by itself is not seen here.
/// </remarks>
/// <param name="inner">The store.</param>
/// <param name="prices">Tells the tiers' minimum stay and billed size.</param>
/// <param name="time">The clock.</param>
/// <param name="usual">The tier of what was not put into one.</param>
public sealed partial class MeteredStore(
    IObjectStore inner, PriceTable prices, TimeProvider time,
    StorageTier usual = StorageTier.Hot) : IObjectStore
{
    private const int ListedAtOnce = 5_000;

    private readonly KnownObjects _known = new();

    /// <inheritdoc/>
    public string Description => inner.Description;

    /// <summary>The tier of what was not put into one.</summary>
    public StorageTier Usual => usual;

    /// <summary>The store that is metered.</summary>
    public IObjectStore Inner => inner;

    /// <inheritdoc/>
    public async Task<ObjectProperties?> FindAsync(
        string name, CancellationToken cancellation = default)
    {
        var found = await inner.FindAsync(name, cancellation);
        if (found is not null) _known.Keep(found);
        UsageMeter.Current?.Add(UsageKind.Other, Billed(found?.Tier), 1, 0);
        return found;
    }

    /// <inheritdoc/>
    public async Task ReadAsync(
        string name, long offset, Memory<byte> destination, string? ifMatch = null,
        CancellationToken cancellation = default)
    {
        // Side by side: who reads waits for his bytes, not for what they are billed as.
        await Task.WhenAll(
            CountReadAsync(name, destination.Length, cancellation).AsTask(),
            inner.ReadAsync(name, offset, destination, ifMatch, cancellation));
    }

    /// <summary>Counts the read of a range.</summary>
    internal async ValueTask CountReadAsync(
        string name, long lengthBytes, CancellationToken cancellation)
    {
        if (UsageMeter.Current is not { } meter) return;
        // HTTP has no empty range: the Azure store asks for the properties instead.
        var kind = lengthBytes == 0 ? UsageKind.Other : UsageKind.Read;
        var tier = await TierOfAsync(meter, name, cancellation);
        // Of what is archived only the refusal is read.
        meter.Add(kind, tier, 1, tier == StorageTier.Archive ? 0 : lengthBytes);
    }

    /// <inheritdoc/>
    public async Task<(byte[] Content, ObjectProperties Properties)> ReadWholeAsync(
        string name, int mostBytes, CancellationToken cancellation = default)
    {
        if (UsageMeter.Current is not { } meter)
            return await inner.ReadWholeAsync(name, mostBytes, cancellation);
        var tier = await TierOfAsync(meter, name, cancellation);
        meter.Add(UsageKind.Read, tier, 1, 0);
        var whole = await inner.ReadWholeAsync(name, mostBytes, cancellation);
        meter.Add(UsageKind.Read, tier, 0, whole.Content.Length);
        // The service tells no tier with the bytes; a length is known from them all the same.
        _known.Keep(whole.Properties with { Tier = tier });
        return whole;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CommittedBlock>> GetBlocksAsync(
        string name, CancellationToken cancellation = default)
    {
        var meter = UsageMeter.Current;
        meter?.Add(UsageKind.Other, Billed(_known.TierOf(name)), 1, 0);
        var blocks = await inner.GetBlocksAsync(name, cancellation);
        if (blocks.Count == 0) meter?.Add(UsageKind.Other, Billed(_known.TierOf(name)), 1, 0);
        return blocks;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectProperties> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var meter = UsageMeter.Current;
        meter?.Add(UsageKind.List, usual, 1, 0);
        var listed = 0;
        await foreach (var found in inner.ListAsync(prefix, cancellation))
        {
            // Every 5,000 objects are a request of their own.
            if (listed > 0 && listed % ListedAtOnce == 0) meter?.Add(UsageKind.List, usual, 1, 0);
            listed++;
            if (meter is not null) _known.Keep(found);
            yield return found;
        }
    }

    /// <summary>The tier that a request is billed in; an account without tiers has but one.</summary>
    private StorageTier Billed(StorageTier? tier) =>
        usual == StorageTier.Default || tier is null or StorageTier.Default ? usual : tier.Value;

    /// <summary>Whether an object can lie in another tier than the usual one.</summary>
    private static bool IsTiered(string name) =>
        name.EndsWith(".dat", StringComparison.Ordinal)
        || name.EndsWith(".pack", StringComparison.Ordinal);

    private async ValueTask<StorageTier> TierOfAsync(
        UsageMeter meter, string name, CancellationToken cancellation)
    {
        if (_known.TryGet(name, out var known)) return Billed(known.Tier);
        if (!IsTiered(name)) return usual;
        return Billed((await AskAsync(meter, name, cancellation))?.Tier);
    }

    private async Task<ObjectProperties?> AskAsync(
        UsageMeter meter, string name, CancellationToken cancellation)
    {
        var found = await inner.FindAsync(name, cancellation);
        if (found is not null) _known.Keep(found);
        meter.Add(UsageKind.Other, Billed(found?.Tier), 1, 0);
        return found;
    }
}
