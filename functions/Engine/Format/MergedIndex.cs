using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>
/// Many reverse deltas of a shard seen as one, from the highest version of a group of 16^level
/// versions to its lowest, so that an old version is resolved from few indexes. It repeats what
/// the deltas' own indexes say and can be made again from them.
/// </summary>
public sealed class MergedIndex
{
    private const int DeltaBytes = 28;
    private const int BlockBytes = 40;
    private const int SourceBytes = 26;
    private const int MostSources = 16;

    /// <summary>Who it is and which operation wrote it.</summary>
    public required ObjectHeader Header { get; init; }

    /// <summary>1 for 16 versions, 2 for 256, and so on.</summary>
    public required int Level { get; init; }

    /// <summary>The group's number: it covers the edges above Group·16^Level.</summary>
    public required int Group { get; init; }

    /// <summary>The deltas it covers, nearest to the lowest version first.</summary>
    public required IReadOnlyList<DeltaPlace> Deltas { get; init; }

    /// <summary>The blocks that differ, ascending.</summary>
    public required MergedBlock[] Blocks { get; init; }

    /// <summary>The sources of all blocks.</summary>
    public required MergedSource[] Sources { get; init; }

    private static ReadOnlySpan<byte> Magic => "SFmerge1"u8;

    private static ReadOnlySpan<byte> EndMark => "SFmend1\n"u8;

    /// <summary>The stored form.</summary>
    public byte[] Encode()
    {
        var writer = new ByteWriter(
            512 + (Blocks.Length * BlockBytes) + (Sources.Length * SourceBytes));
        Header.Write(writer, Magic, ObjectHeader.DeltaFormatVersion);
        writer.I32(Level);
        writer.I32(Group);
        writer.I32(Deltas.Count);
        foreach (var delta in Deltas)
        {
            writer.I32(delta.Key.From);
            writer.I32(delta.Key.To);
            writer.I64(delta.Key.Operation);
            writer.I32(delta.Pack);
            writer.I64(delta.Offset);
        }
        writer.I32(Blocks.Length);
        foreach (var block in Blocks)
        {
            writer.I32(block.Block);
            writer.I32(block.Sources);
            writer.Hash(block.Hash);
        }
        writer.I32(Sources.Length);
        foreach (var source in Sources)
        {
            writer.U16(source.Delta);
            writer.U16(source.Take);
            writer.U16(source.Zero);
            writer.U16(source.Stored);
            writer.U16(source.Position);
            writer.I64(source.Frame.Offset);
            writer.I32(source.Frame.StoredBytes);
            writer.U16(source.Frame.Sectors);
            writer.U8((byte)source.Frame.Codec);
            writer.U8(0);
        }
        return writer.Seal(EndMark);
    }

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="CorruptObjectException">It is damaged.</exception>
    public static MergedIndex Decode(ReadOnlySpan<byte> stored, string objectName)
    {
        var reader = ByteReader.Unseal(stored, EndMark, objectName);
        var header = ObjectHeader.Read(
            ref reader, Magic, objectName, ObjectHeader.DeltaFormatVersion);
        var index = new MergedIndex
        {
            Header = header,
            Level = reader.I32(),
            Group = reader.I32(),
            Deltas = ReadDeltas(ref reader),
            Blocks = ReadBlocks(ref reader),
            Sources = ReadSources(ref reader),
        };
        reader.End();
        MergedIndexCheck.Run(index, objectName);
        return index;
    }

    private static DeltaPlace[] ReadDeltas(ref ByteReader reader)
    {
        var deltas = new DeltaPlace[reader.Count(DeltaBytes)];
        for (var i = 0; i < deltas.Length; i++)
        {
            var key = new DeltaKey(reader.I32(), reader.I32(), reader.I64());
            deltas[i] = new DeltaPlace(key, reader.I32(), reader.I64());
        }
        return deltas;
    }

    private static MergedBlock[] ReadBlocks(ref ByteReader reader)
    {
        var blocks = new MergedBlock[reader.Count(BlockBytes)];
        var first = 0;
        for (var i = 0; i < blocks.Length; i++)
        {
            var number = reader.I32();
            var sources = reader.Within(reader.I32(), MostSources);
            blocks[i] = new MergedBlock(number, first, sources, reader.Hash());
            first += sources;
        }
        return blocks;
    }

    private static MergedSource[] ReadSources(ref ByteReader reader)
    {
        var sources = new MergedSource[reader.Count(SourceBytes)];
        for (var i = 0; i < sources.Length; i++)
        {
            var delta = (ushort)reader.U16();
            var take = (ushort)reader.U16();
            var zero = (ushort)reader.U16();
            var held = (ushort)reader.U16();
            var position = (ushort)reader.U16();
            var offset = reader.I64();
            var length = reader.I32();
            var sectors = (ushort)reader.U16();
            var codec = (FrameCodec)reader.U8();
            reader.Reserved(1);
            sources[i] = new MergedSource(
                delta, take, zero, held, position, new DeltaFrame(offset, length, sectors, codec));
        }
        return sources;
    }
}
