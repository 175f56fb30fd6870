using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Images;

namespace SnapshotFunctions.SimulationTests.Rigging;

/// <summary>Uploads in memory, by name.</summary>
internal sealed class MemorySources : ISourceOpener
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public void Add(string name, byte[] content)
    {
        lock (_files) _files[name] = content;
    }

    public void Remove(string name)
    {
        lock (_files) _files.Remove(name);
    }

    public ValueTask<IByteSource> OpenAsync(
        string source, string? identity, CancellationToken cancellation)
    {
        byte[]? content;
        lock (_files) _files.TryGetValue(source, out content);
        return content is not null
            ? ValueTask.FromResult<IByteSource>(new MemoryByteSource(content, name: source))
            : throw new InvalidImageException("changed", source, "the upload", "nothing");
    }
}
