using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Ports;

/// <summary>Opens uploaded files by the text that names them in a flow's input.</summary>
public interface ISourceOpener
{
    /// <summary>Opens a file, pinned to one state.</summary>
    /// <param name="source">A path or the name of an upload, as this opener understands it.</param>
    /// <param name="identity">The state first seen; null to take the one that stands.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="InvalidImageException">It is gone, or not in that state any more.</exception>
    ValueTask<IByteSource> OpenAsync(
        string source, string? identity, CancellationToken cancellation);
}
