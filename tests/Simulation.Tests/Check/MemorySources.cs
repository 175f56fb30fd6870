using System.Collections.Concurrent;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Images;

namespace SnapshotFunctions.SimulationTests.Check;

/// <summary>Uploads in memory, by name.</summary>
internal sealed class MemorySources : ISourceOpener
{
    private readonly ConcurrentDictionary<string, byte[]> _sources = new(StringComparer.Ordinal);

    public void Add(string name, byte[] content) => _sources[name] = content;

    public ValueTask<IByteSource> OpenAsync(
        string source, string? identity, CancellationToken cancellation) =>
        ValueTask.FromResult<IByteSource>(new MemoryByteSource(_sources[source], name: source));
}
