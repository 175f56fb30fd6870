using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Files;
using SnapshotFunctions.Local.Mounting;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>
/// Opens uploads that are files of this machine, or overlays of mounts; a source's text is its whole
/// path.
/// </summary>
internal sealed class FileSourceOpener(TimeProvider time) : ISourceOpener
{
    /// <inheritdoc/>
    public async ValueTask<IByteSource> OpenAsync(
        string source, string? identity, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        IByteSource file = Directory.Exists(source)
            ? MountFolder.SourceOf(source, time) : Open(source);
        if (identity is null || string.Equals(identity, file.Identity, StringComparison.Ordinal))
            return file;
        await using (file)
        {
            throw new InvalidImageException(
                "changed", file.Name, $"the file as first seen ({identity})", file.Identity, null,
                "Take it in again, and leave it alone until it is taken.");
        }
    }

    private static FileByteSource Open(string path)
    {
        try
        {
            return new FileByteSource(path);
        }
        catch (Exception error) when (
            error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unreadable("gone", path, "no such file", error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException)
        {
            throw Unreadable("unreadable", path, error.Message, error);
        }
    }

    private static InvalidImageException Unreadable(
        string reason, string path, string found, Exception inner) => new(
        reason, path, "a file that can be read", found, null,
        "It must stay where it is until the command has ended.", inner);
}
