using System.Buffers;
using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <summary>
/// What was written over a disk that never changes itself. Each 4 KiB sector is written to a new
/// place and then named in a journal, so that after a crash it is the old one or the new one, never
/// a mix; all that was flushed is there. From time to time the journal goes into the map. Calls may
/// run side by side.
/// </summary>
internal sealed partial class OverlayDisk : IDisposable
{
    private const int SectorBytes = OverlaySizes.SectorBytes;

    /// <summary>Sectors that one call looks up together.</summary>
    private const int RunSectors = 256;

    private readonly IFileLayer _files;
    private readonly string _folder;
    private readonly DiskReader _below;
    private readonly OverlaySizes _sizes;
    private readonly IFile _data;
    private readonly IFile _mapFile;
    private readonly IFile _stateFile;
    private readonly SectorMap _map;
    private readonly DataSlots _slots;

    /// <summary>Guards the map, the journal and the places; held for moments.</summary>
    private readonly Lock _gate = new();

    /// <summary>One writer at a time.</summary>
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <summary>One flush at a time; taken after <see cref="_writing"/> where both are.</summary>
    private readonly SemaphoreSlim _flushing = new(1, 1);

    private OverlayJournal? _journal;
    private Exception? _failed;
    private long _changes;
    private long _durableChanges;

    private OverlayDisk(
        IFileLayer files, string folder, long sizeBytes, DiskReader below, OverlaySizes sizes,
        bool isReadOnly)
    {
        (_files, _folder, _below, _sizes) = (files, folder, below, sizes);
        (SizeBytes, IsReadOnly) = (sizeBytes, isReadOnly);
        _data = Open("data");
        try
        {
            _mapFile = Open("map");
            _stateFile = Open("states");
            Pages = (sizeBytes + OverlaySizes.PageSpanBytes - 1) / OverlaySizes.PageSpanBytes;
            var states = PageStates.Read(_stateFile, PathOf("states"), Pages);
            _map = new SectorMap(_mapFile, PathOf("map"), states, sizes);
            _slots = new DataSlots(
                (_data.LengthBytes + SectorBytes - 1) / SectorBytes, sizes.MostFreeSlots);
        }
        catch
        {
            _data.Dispose();
            _mapFile?.Dispose();
            _stateFile?.Dispose();
            throw;
        }
    }

    /// <summary>The disk's size.</summary>
    public long SizeBytes { get; }

    /// <summary>Whether it was opened to be read alone.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Which generation of the overlay stands: it changes with every write into the map.</summary>
    public long Generation => _journal?.Generation ?? 0;

    /// <summary>Changes since the last write into the map; 0 after a clean end.</summary>
    public long Records
    {
        get
        {
            lock (_gate) return _journal?.Count ?? 0;
        }
    }

    private long Pages { get; }

    /// <summary>Makes the files of an overlay without content, durable with their names.</summary>
    public static void Create(IFileLayer files, string folder)
    {
        foreach (var name in new[] { "data", "map", "states" })
        {
            using var file = files.Create($"{folder}/{name}");
            file.Sync();
        }
        files.SyncDirectory(folder);
    }

    /// <summary>Opens an overlay, and brings back what a crash left in its journal.</summary>
    /// <param name="files">The file system.</param>
    /// <param name="folder">The overlay's folder; no other process may have it open.</param>
    /// <param name="sizeBytes">The disk's size.</param>
    /// <param name="below">Reads the disk below; zeros past its end.</param>
    /// <param name="sizes">How much is kept in memory.</param>
    /// <param name="isReadOnly">Whether nothing may be written, also no recovery.</param>
    /// <exception cref="OverlayDamagedException">Its files are not as they were written.</exception>
    public static OverlayDisk Open(
        IFileLayer files, string folder, long sizeBytes, DiskReader below, OverlaySizes sizes,
        bool isReadOnly = false)
    {
        var disk = new OverlayDisk(files, folder, sizeBytes, below, sizes, isReadOnly);
        try
        {
            disk.Recover();
            return disk;
        }
        catch
        {
            disk.Dispose();
            throw;
        }
    }

    /// <summary>Makes all that was written before the call durable.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        long wanted;
        lock (_gate)
        {
            ThrowIfFailed();
            wanted = _changes;
        }
        await _flushing.WaitAsync(cancellation);
        try
        {
            Flush(wanted);
        }
        finally
        {
            _flushing.Release();
        }
    }

    /// <summary>
    /// Writes the journal into the map: what is written is found without a journal, and free places
    /// give their space back.
    /// </summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            await _flushing.WaitAsync(cancellation);
            try
            {
                Checkpoint();
                DataSlots.Punch(_data, _slots.TakeFree());
            }
            finally
            {
                _flushing.Release();
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _journal?.Dispose();
        _data.Dispose();
        _mapFile.Dispose();
        _stateFile.Dispose();
        _writing.Dispose();
        _flushing.Dispose();
    }

    private IFile Open(string name) =>
        _files.TryOpen(PathOf(name), forWriting: !IsReadOnly)
        ?? throw new OverlayDamagedException(PathOf(name), "the file", "none");

    private string PathOf(string name) => $"{_folder}/{name}";

    private void ThrowIfFailed()
    {
        if (_failed is not null)
            throw new IOException(
                $"The overlay in {_folder} takes nothing more until it is opened again: "
                + _failed.Message, _failed);
    }

    /// <summary>With the flush's turn: all changes up to a number become durable.</summary>
    private void Flush(long wanted)
    {
        long changes;
        long records;
        List<long> givenUp;
        OverlayJournal journal;
        lock (_gate)
        {
            ThrowIfFailed();
            if (_durableChanges >= wanted || _journal is null) return;
            (changes, records, journal) = (_changes, _journal.Count, _journal);
            givenUp = _slots.TakeGivenUp();
        }
        try
        {
            _data.Sync();
            lock (_gate) journal.Append([new JournalRecord(RecordKind.Mark, records, 0, 0)]);
            journal.Sync();
        }
        catch (Exception error)
        {
            // What the system has of these files now, nobody can tell any more.
            lock (_gate)
            {
                _failed ??= error;
                _slots.PutBack(givenUp);
            }
            throw;
        }
        List<long> surplus;
        lock (_gate)
        {
            _durableChanges = changes;
            surplus = _slots.Free(givenUp);
        }
        DataSlots.Punch(_data, surplus);
    }

    /// <summary>With both turns: the map becomes what the journal says, and a new journal begins.</summary>
    private void Checkpoint()
    {
        if (_journal is { Count: 0 }) return;
        lock (_gate) ThrowIfFailed();
        Flush(_changes);
        try
        {
            lock (_gate) _map.Write(_stateFile);
            var next = OverlayJournal.Create(_files, _folder, Generation + 1);
            lock (_gate)
            {
                _journal?.Dispose();
                _journal = next;
            }
            OverlayJournal.RemoveOthers(_files, _folder, next.Generation);
        }
        catch (Exception error)
        {
            lock (_gate) _failed ??= error;
            throw;
        }
    }
}
