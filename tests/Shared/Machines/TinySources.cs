using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Images;

namespace SnapshotFunctions.TestShared.Machines;

/// <summary>Uploads in memory, by name; those of one folder lie beside each other.</summary>
public sealed class TinySources : ISourceOpener
{
    private readonly Dictionary<string, byte[]> _uploads = new(StringComparer.Ordinal);

    /// <summary>Puts an upload there.</summary>
    public void Add(string name, byte[] bytes) => _uploads[name] = bytes;

    /// <inheritdoc/>
    public ValueTask<IByteSource> OpenAsync(
        string source, string? identity, CancellationToken cancellation) =>
        _uploads.TryGetValue(source, out var bytes)
            ? ValueTask.FromResult<IByteSource>(
                new MemoryByteSource(bytes, name: source) { Beside = Beside(source) })
            : throw new InvalidImageException("changed", source, "an upload", "none");

    private Dictionary<string, byte[]> Beside(string source)
    {
        var folder = source[..(source.LastIndexOf('/') + 1)];
        return _uploads
            .Where(u => folder.Length > 0 && u.Key.Length > folder.Length
                && u.Key.StartsWith(folder, StringComparison.Ordinal))
            .ToDictionary(u => u.Key[folder.Length..], u => u.Value, StringComparer.Ordinal);
    }
}
