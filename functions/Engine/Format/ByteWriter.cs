using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>Builds a stored structure: little-endian numbers, one after the other.</summary>
internal sealed class ByteWriter(int capacity = 1024)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(capacity);

    public int Length => _buffer.WrittenCount;

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    public void U8(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void U16(int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.GetSpan(2), checked((ushort)value));
        _buffer.Advance(2);
    }

    public void I32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    public void I64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    public void Hash(Hash256 value)
    {
        value.CopyTo(_buffer.GetSpan(Hash256.Size));
        _buffer.Advance(Hash256.Size);
    }

    public void Bytes(ReadOnlySpan<byte> value) => _buffer.Write(value);

    public void ShortText(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        U8(checked((byte)bytes.Length));
        Bytes(bytes);
    }

    public void LongText(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        I32(bytes.Length);
        Bytes(bytes);
    }

    /// <summary>Closes the structure: SHA-256 of all so far, its whole length, its end mark.</summary>
    public byte[] Seal(ReadOnlySpan<byte> endMark)
    {
        Hash(Hash256.Of(_buffer.WrittenSpan));
        I32(Length + 4 + endMark.Length);
        Bytes(endMark);
        return _buffer.WrittenSpan.ToArray();
    }
}
