using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <summary>
/// The changes of an overlay since its map was last written, one file a generation. A record counts
/// only if it and all before it are whole. Not thread-safe.
/// </summary>
internal sealed class OverlayJournal : IDisposable
{
    private const int HeaderBytes = 64;
    private const string Prefix = "journal.";

    private static ReadOnlySpan<byte> Magic => "SNAPOVL1"u8;

    private readonly IFile _file;
    private long _count;

    private OverlayJournal(IFile file, long generation) => (_file, Generation) = (file, generation);

    /// <summary>Which of the overlay's journals this is, from 1.</summary>
    public long Generation { get; }

    /// <summary>Records that were appended.</summary>
    public long Count => _count;

    /// <summary>Makes the journal of a new generation, durable with its name.</summary>
    public static OverlayJournal Create(IFileLayer files, string folder, long generation)
    {
        var file = files.Create($"{folder}/{NameOf(generation)}");
        try
        {
            var header = new byte[HeaderBytes];
            Magic.CopyTo(header);
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(8), generation);
            BinaryPrimitives.WriteUInt32LittleEndian(
                header.AsSpan(HeaderBytes - 4), Checksums.Of(header.AsSpan(0, HeaderBytes - 4)));
            file.Write(0, header);
            file.Sync();
            files.SyncDirectory(folder);
            return new OverlayJournal(file, generation);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The newest journal that was begun; null in a new overlay.</summary>
    public static OverlayJournal? TryOpen(IFileLayer files, string folder)
    {
        foreach (var generation in Generations(files, folder))
        {
            var file = files.TryOpen($"{folder}/{NameOf(generation)}", forWriting: true);
            if (file is null) continue;
            var header = new byte[HeaderBytes];
            if (file.Read(0, header) == HeaderBytes && header.AsSpan().StartsWith(Magic)
                && BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(8)) == generation
                && BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(HeaderBytes - 4))
                    == Checksums.Of(header.AsSpan(0, HeaderBytes - 4)))
                return new OverlayJournal(file, generation);
            file.Dispose();
        }
        return null;
    }

    /// <summary>Removes the journals of other generations.</summary>
    public static void RemoveOthers(IFileLayer files, string folder, long generation)
    {
        foreach (var other in Generations(files, folder).Where(g => g != generation))
            files.Delete($"{folder}/{NameOf(other)}");
    }

    /// <summary>The records that count, and how many of them have durable data.</summary>
    public (List<JournalRecord> Records, long Durable) ReadAll()
    {
        var records = new List<JournalRecord>();
        var durable = 0L;
        var buffer = new byte[JournalRecord.Bytes * 1024];
        while (true)
        {
            var count = _file.Read(
                HeaderBytes + ((long)records.Count * JournalRecord.Bytes), buffer);
            for (var at = 0; at + JournalRecord.Bytes <= count; at += JournalRecord.Bytes)
            {
                if (JournalRecord.Read(buffer.AsSpan(at, JournalRecord.Bytes), Generation, records.Count)
                    is not { } record) return (records, durable);
                if (record.Kind == RecordKind.Mark) durable = record.First;
                records.Add(record);
            }
            if (count < buffer.Length) return (records, durable);
        }
    }

    /// <summary>Appends records as one write; nothing has happened when it fails.</summary>
    public void Append(ReadOnlySpan<JournalRecord> records)
    {
        var length = records.Length * JournalRecord.Bytes;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            for (var i = 0; i < records.Length; i++)
                records[i].Write(
                    buffer.AsSpan(i * JournalRecord.Bytes), Generation, _count + i);
            _file.Write(HeaderBytes + (_count * JournalRecord.Bytes), buffer.AsSpan(0, length));
            _count += records.Length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Makes what was appended durable.</summary>
    public void Sync() => _file.Sync();

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string NameOf(long generation) => $"{Prefix}{generation:D12}";

    private static IEnumerable<long> Generations(IFileLayer files, string folder) =>
        files.List(folder)
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(n => long.TryParse(
                n.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture,
                out var generation) ? generation : 0)
            .Where(g => g > 0)
            .OrderDescending();
}
