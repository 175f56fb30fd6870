using Microsoft.Win32.SafeHandles;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Files;

/// <summary>A file of this machine, read by ranges and with its holes.</summary>
/// <remarks>
/// Every read is followed by a look at the file's size and time of change, so that bytes written
/// over while it was read are never returned. A file system that keeps coarse times can hide a
/// change made within one tick of the opening; so files must be complete before they are opened.
/// </remarks>
public sealed class FileByteSource : IByteSource
{
    private readonly SafeFileHandle _handle;
    private readonly FileState _state;
    private readonly bool _knowsHoles;
    private readonly string _folder;

    /// <summary>Opens a file and remembers the state that it is in.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">How the user knows it; by default the file's own name.</param>
    public FileByteSource(string path, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        Name = name ?? Path.GetFileName(path);
        _folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? string.Empty;
        // Others may write and delete: that is noticed, not prevented: on Unix locks are advice.
        _handle = File.OpenHandle(
            path, FileMode.Open, FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        _state = FileState.Of(_handle);
        _knowsHoles = OperatingSystem.IsLinux();
        Identity = _state.ToString();
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <inheritdoc />
    public long LengthBytes => _state.LengthBytes;

    /// <inheritdoc />
    public string Identity { get; }

    /// <inheritdoc />
    public async ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        if (offset < 0 || offset > LengthBytes - destination.Length)
            throw new ArgumentOutOfRangeException(
                nameof(offset), offset, $"{Name} holds {LengthBytes} bytes.");
        while (!destination.IsEmpty)
        {
            var read = await RandomAccess.ReadAsync(_handle, destination, offset, cancellation);
            if (read == 0)
                throw Changed($"an end at byte {offset}");
            offset += read;
            destination = destination[read..];
        }

        CheckUnchanged();
    }

    /// <inheritdoc />
    public ValueTask<ByteRange?> NextDataAsync(
        long offset, long end, CancellationToken cancellation = default)
    {
        if (offset < 0 || end > LengthBytes)
            throw new ArgumentOutOfRangeException(
                nameof(offset), offset, $"{Name} holds {LengthBytes} bytes.");
        if (offset >= end)
            return new ValueTask<ByteRange?>(default(ByteRange?));
        var range = _knowsHoles
            ? FileHoles.NextData(_handle, offset, end)
            : new ByteRange(offset, end);
        CheckUnchanged();
        return new ValueTask<ByteRange?>(range);
    }

    /// <inheritdoc />
    /// <remarks>A link is not followed: it could lead anywhere.</remarks>
    public ValueTask<IByteSource?> OpenBesideAsync(
        string name, CancellationToken cancellation = default)
    {
        if (!string.Equals(name, Path.GetFileName(name), StringComparison.Ordinal))
            throw new ArgumentException($"'{name}' is no plain file name.", nameof(name));
        var path = new FileInfo(Path.Combine(_folder, name));
        return new ValueTask<IByteSource?>(
            path.Exists && path.LinkTarget is null ? new FileByteSource(path.FullName) : null);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _handle.Dispose();
        return ValueTask.CompletedTask;
    }

    private void CheckUnchanged()
    {
        var now = FileState.Of(_handle);
        if (now != _state)
            throw Changed(now.ToString());
    }

    private InvalidImageException Changed(string found) => new(
        "changed", Name, $"the file as first seen ({Identity})", found, null,
        "Upload it again under a new name, and leave it alone until it is taken.");
}
