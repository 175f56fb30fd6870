using System.Security.Cryptography;
using System.Text.Json;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Mounting.Overlays;
using SnapshotFunctions.Local.Serving.Uploading;
using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.Local.Mounting;

/// <summary>
/// One mount's folder: its record, and an overlay for each disk when it is writable. One process
/// has it at a time; the system gives its lock back however that process ends.
/// </summary>
internal sealed class MountFolder : IDisposable
{
    private const string RecordName = "mount.json";
    private const string LockName = "lock";

    private readonly IFileLayer _files;
    private readonly IDisposable _lock;

    private MountFolder(IFileLayer files, string path, IDisposable held, MountRecord record) =>
        (_files, Path, _lock, Record) = (files, path, held, record);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What is written down.</summary>
    public MountRecord Record { get; private set; }

    /// <summary>The source of an ingest that a folder is: the overlay of one of a mount's disks.</summary>
    /// <exception cref="NoSuchException">It is none.</exception>
    public static OverlaySource SourceOf(string folder, TimeProvider time)
    {
        var name = System.IO.Path.GetFileName(folder);
        var disk = Find(System.IO.Path.GetDirectoryName(folder)!)?.Disks.FirstOrDefault(
            d => string.Equals(d.Name, name, StringComparison.Ordinal));
        return disk is not null
            ? new OverlaySource(new DiskFileLayer(time), folder, disk.SizeBytes)
            : throw new NoSuchException($"mount in {folder}", "It was dropped, or never was one.");
    }

    /// <summary>Makes a mount's folder; the record is written last and makes it count.</summary>
    /// <param name="root">Where mounts lie.</param>
    /// <param name="compose">Makes the record from an id.</param>
    /// <param name="time">The clock.</param>
    public static MountFolder Create(
        string root, Func<string, MountRecord> compose, TimeProvider time)
    {
        var files = new DiskFileLayer(time);
        var record = compose(RandomNumberGenerator.GetHexString(8, lowercase: true));
        var path = $"{root}/{record.Id}";
        DurableFiles.MakeFolder(path);
        var held = files.TryLock($"{path}/{LockName}")
            ?? throw Taken(record.Id);
        try
        {
            foreach (var disk in record.IsWritable ? record.Disks : [])
            {
                DurableFiles.MakeFolder($"{path}/{disk.Name}");
                OverlayDisk.Create(files, $"{path}/{disk.Name}");
            }
            var folder = new MountFolder(files, path, held, record);
            folder.Write(record);
            return folder;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Takes a mount that is there.</summary>
    /// <exception cref="NoSuchException">There is none of that id.</exception>
    /// <exception cref="RefusedException">"mount-taken": a process serves it.</exception>
    public static MountFolder Open(string root, string id, TimeProvider time)
    {
        // An id is a name of ours; anything else could lead out of the folder.
        var path = $"{root}/{id}";
        if (!ObjectNames.IsName(id) || Find(path) is null)
        {
            throw new NoSuchException(
                $"mount '{id}' in {root}", "'mounts' shows those that there are.");
        }
        return TryOpen(path, time) ?? throw Taken(id);
    }

    /// <summary>Takes a mount if no process has it; null when one does, or there is none.</summary>
    public static MountFolder? TryOpen(string path, TimeProvider time)
    {
        var files = new DiskFileLayer(time);
        IDisposable? held;
        try
        {
            held = files.TryLock($"{path}/{LockName}");
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        if (held is null) return null;
        // Whoever had the lock before may have removed it since it was looked at.
        if (Find(path) is { } record) return new MountFolder(files, path, held, record);
        held.Dispose();
        return null;
    }

    /// <summary>The mounts that there are, by id.</summary>
    public static IReadOnlyList<MountRecord> List(string root)
    {
        if (!Directory.Exists(root)) return [];
        return [.. Directory.EnumerateDirectories(root)
            .Order(StringComparer.Ordinal).Select(Find).OfType<MountRecord>()];
    }

    /// <summary>The record in a folder; null when there is none.</summary>
    /// <exception cref="RefusedException">"mount-record": it cannot be read.</exception>
    public static MountRecord? Find(string path)
    {
        try
        {
            return DurableFiles.Read($"{path}/{RecordName}", MountingJson.Default.MountRecord);
        }
        catch (JsonException error)
        {
            throw new RefusedException(
                "mount-record", $"The record {path}/{RecordName} cannot be read: {error.Message}");
        }
    }

    /// <summary>Opens a disk's overlay.</summary>
    public OverlayDisk OpenOverlay(MountDisk disk, Engine.Disks.DiskReader below) =>
        OverlayDisk.Open(
            _files, OverlayOf(disk), disk.SizeBytes, below, new OverlaySizes());

    /// <summary>Where a disk's overlay lies.</summary>
    public string OverlayOf(MountDisk disk) => $"{Path}/{disk.Name}";

    /// <summary>Writes the record anew.</summary>
    public void Write(MountRecord record)
    {
        DurableFiles.Write($"{Path}/{RecordName}", record, MountingJson.Default.MountRecord);
        Record = record;
    }

    /// <summary>Removes the mount: its record first, so that no half of it is ever found.</summary>
    public void Remove()
    {
        File.Delete($"{Path}/{RecordName}");
        DurableFiles.SyncFolder(Path);
        Directory.Delete(Path, recursive: true);
    }

    /// <summary>Bytes that were written to a mount, holes of what was dropped again among them.</summary>
    public static long DataBytes(string root, MountRecord record) =>
        !record.IsWritable ? 0 : record.Disks.Sum(d =>
            new FileInfo($"{root}/{record.Id}/{d.Name}/data") is { Exists: true } data
                ? data.Length : 0);

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static RefusedException Taken(string id) => new(
        "mount-taken", $"Another process has mount '{id}': end it first.");
}
