using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Memory;

/// <summary>Opens the images by name.</summary>
internal sealed class ScatteredSources(IReadOnlyList<ScatteredImage> images) : ISourceOpener
{
    public ValueTask<IByteSource> OpenAsync(
        string source, string? identity, CancellationToken cancellation) =>
        ValueTask.FromResult<IByteSource>(images.First(
            i => string.Equals(i.Name, source, StringComparison.Ordinal)));
}
