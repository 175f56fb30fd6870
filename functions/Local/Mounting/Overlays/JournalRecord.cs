using System.Buffers.Binary;

namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <summary>One change of an overlay as its journal has it.</summary>
/// <param name="Kind">What is changed.</param>
/// <param name="First">The sector or page; of a mark how many records it speaks of.</param>
/// <param name="Value">The place of a sector's data, or how many sectors or pages there are.</param>
/// <param name="Checksum">The checksum of a sector's data.</param>
internal readonly record struct JournalRecord(
    RecordKind Kind, long First, long Value, uint Checksum)
{
    /// <summary>Bytes of a record.</summary>
    public const int Bytes = 32;

    /// <summary>Reads a record; null when none was written there in this generation.</summary>
    public static JournalRecord? Read(ReadOnlySpan<byte> record, long generation, long index)
    {
        var check = BinaryPrimitives.ReadUInt32LittleEndian(record);
        if (check != Checksums.Of(record[4..], (ulong)generation, (ulong)index)) return null;
        var kind = (RecordKind)BinaryPrimitives.ReadUInt32LittleEndian(record[4..]);
        return new JournalRecord(
            kind, BinaryPrimitives.ReadInt64LittleEndian(record[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(record[24..]));
    }

    /// <summary>Writes the record.</summary>
    public void Write(Span<byte> record, long generation, long index)
    {
        record[..Bytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)Kind);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], First);
        BinaryPrimitives.WriteInt64LittleEndian(record[16..], Value);
        BinaryPrimitives.WriteUInt32LittleEndian(record[24..], Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(
            record, Checksums.Of(record[4..Bytes], (ulong)generation, (ulong)index));
    }
}
