using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Views;

/// <summary>
/// Tells by listed versions where a shard's base stands. A base is not committed again when the
/// version expires that its footer names: the shard's deltas show which of the listed neighbours
/// it stands at. Between two listed versions there is at most one edge, at the upper one: where
/// that leads forwards, the base stands below it, else at the upper one, which is the same for the
/// shard when there is no edge at all.
/// </summary>
public static class BaseStanding
{
    /// <summary>A footer whose versions are listed.</summary>
    public static async ValueTask<BaseFooter> ListedAsync(
        Manifest manifest, ShardKey shard, BaseFooter footer, CancellationToken cancellation)
    {
        var version = await ListedAsync(manifest, shard, footer.Version, cancellation);
        var previous = footer.Previous == footer.Version
            ? version
            : await ListedAsync(manifest, shard, footer.Previous, cancellation);
        return version == footer.Version && previous == footer.Previous
            ? footer
            : footer with { Version = version, Previous = previous };
    }

    /// <summary>The listed version that a number stands for; 0 is below all.</summary>
    public static async ValueTask<int> ListedAsync(
        Manifest manifest, ShardKey shard, int version, CancellationToken cancellation)
    {
        if (version == 0 || await manifest.FindVersionAsync(version, cancellation) is not null)
            return version;
        var above = await manifest.NextAboveAsync(version, cancellation);
        if (above is not null)
        {
            var edge = await manifest.FindEdgeAsync(
                above, shard.Disk, shard.Shard, cancellation);
            if (edge is not { ForwardOperation: not 0 }) return above.Number;
        }
        return (await manifest.NextBelowAsync(version, cancellation))?.Number ?? 0;
    }
}
