using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Mounts;

/// <summary>
/// Opens what lies in the store itself and is ingested from there: the disks of a sealed mount, and
/// machine files of a version. All else is an upload, which the host opens.
/// </summary>
/// <param name="store">The base placement.</param>
/// <param name="files">Gives machine files.</param>
/// <param name="uploads">The host's own.</param>
public sealed class StoredSources(
    IObjectStore store, MachineFiles files, ISourceOpener uploads) : ISourceOpener
{
    // No upload's name and no whole path begins so.
    private const string MountPrefix = "stored-mount:";
    private const string FilePrefix = "stored-file:";

    /// <summary>The format of a mount's disk.</summary>
    public const string MountFormat = "overlay";

    private readonly MountRecords _records = new(store);
    private readonly MountSeals _seals = new(store);

    /// <summary>The source that a disk of a sealed mount is.</summary>
    public static string OfMount(string machine, string id, string seal, string disk) =>
        $"{MountPrefix}{machine}/{id}/{seal}/{disk}";

    /// <summary>The source that a machine file of a version is.</summary>
    public static string OfFile(string machine, int version, string file) =>
        $"{FilePrefix}{machine}/{version}/{file}";

    /// <inheritdoc/>
    public async ValueTask<IByteSource> OpenAsync(
        string source, string? identity, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        var isMount = source.StartsWith(MountPrefix, StringComparison.Ordinal);
        if (!isMount && !source.StartsWith(FilePrefix, StringComparison.Ordinal))
            return await uploads.OpenAsync(source, identity, cancellation);
        var parts = source[(source.IndexOf(':', StringComparison.Ordinal) + 1)..].Split('/');
        IByteSource opened = isMount
            ? await MountAsync(source, parts, cancellation)
            : await FileAsync(source, parts, cancellation);
        if (identity is null || string.Equals(identity, opened.Identity, StringComparison.Ordinal))
            return opened;
        throw Changed(source, identity, opened.Identity);
    }

    private async Task<SealedMountSource> MountAsync(
        string source, string[] parts, CancellationToken cancellation)
    {
        if (parts is not [var machine, var id, var seal, var name])
            throw Changed(source, "a mount's disk", "another text");
        var mount = await _records.LoadAsync(machine, id, cancellation);
        if (await _seals.FindAsync(machine, id, seal, cancellation) is not { } found)
            throw Changed(source, "its seal", "none");
        // A mount that was opened again after this commit has failed is not this seal's any more.
        if (!string.Equals(found.Seal.Job, mount.Job, StringComparison.Ordinal))
            throw Changed(source, $"a mount that job '{found.Seal.Job}' commits", $"{mount.State}");
        var disk = found.Seal.Disks.FirstOrDefault(
            d => string.Equals(d.Name, name, StringComparison.Ordinal))
            ?? throw Changed(source, $"disk '{name}'", "no such disk");
        return new SealedMountSource(
            source, found.Identity, new SealedMountImage(store, _seals, mount, disk));
    }

    private async Task<MemorySource> FileAsync(
        string source, string[] parts, CancellationToken cancellation)
    {
        if (parts is not [var machine, var version, var name]
            || !int.TryParse(version, out var number))
            throw Changed(source, "a version's machine file", "another text");
        var file = await files.ReadAsync(machine, number, name, cancellation);
        return new MemorySource(source, file.Content);
    }

    private static InvalidImageException Changed(string source, string expected, string found) =>
        new("changed", source, expected, found);

    private sealed class MemorySource(string name, byte[] content) : IByteSource
    {
        public string Name => name;

        public long LengthBytes => content.Length;

        public string Identity { get; } = Hash256.Of(content).ToString();

        public ValueTask ReadAsync(
            long offset, Memory<byte> destination, CancellationToken cancellation = default)
        {
            content.AsMemory((int)offset, destination.Length).CopyTo(destination);
            return ValueTask.CompletedTask;
        }

        public ValueTask<ByteRange?> NextDataAsync(
            long offset, long end, CancellationToken cancellation = default) =>
            ValueTask.FromResult<ByteRange?>(offset < end ? new ByteRange(offset, end) : null);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
