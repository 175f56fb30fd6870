using System.Buffers;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Writing;

/// <summary>A frame made ready to be stored, decoded once more and compared before it is.</summary>
internal readonly struct EncodedFrame
{
    private readonly byte[] _rented;

    private EncodedFrame(byte[] rented, int storedBytes, int rawBytes, FrameCodec codec)
    {
        _rented = rented;
        StoredBytes = storedBytes;
        RawBytes = rawBytes;
        Codec = codec;
    }

    public int StoredBytes { get; }

    public int RawBytes { get; }

    public FrameCodec Codec { get; }

    public ReadOnlySpan<byte> Stored => _rented.AsSpan(0, StoredBytes);

    public ReadOnlyMemory<byte> StoredMemory => _rented.AsMemory(0, StoredBytes);

    /// <summary>Encodes rented bytes, which are given back.</summary>
    public static EncodedFrame Make(
        byte[] rawRented, int rawBytes, string objectName, bool isThorough = false)
    {
        try
        {
            return Make(rawRented.AsSpan(0, rawBytes), objectName, isThorough);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rawRented);
        }
    }

    /// <summary>Encodes bytes and proves that they decode to what they were.</summary>
    /// <exception cref="CorruptObjectException">They do not: nothing must be committed.</exception>
    public static EncodedFrame Make(
        ReadOnlySpan<byte> raw, string objectName, bool isThorough = false)
    {
        var room = ArrayPool<byte>.Shared.Rent(Frames.MostStoredBytes(raw.Length));
        try
        {
            var codec = Frames.Encode(raw, room, out var storedBytes, isThorough);
            Prove(codec, room.AsSpan(0, storedBytes), raw, objectName);
            // What waits for its place in the object takes the room that it needs, not the most.
            var rented = ArrayPool<byte>.Shared.Rent(storedBytes);
            room.AsSpan(0, storedBytes).CopyTo(rented);
            return new EncodedFrame(rented, storedBytes, raw.Length, codec);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    /// <summary>Proves that a frame decodes to what it was made of.</summary>
    /// <exception cref="CorruptObjectException">It does not: nothing must be committed.</exception>
    public static void Prove(
        FrameCodec codec, ReadOnlySpan<byte> stored, ReadOnlySpan<byte> raw, string objectName)
    {
        var again = ArrayPool<byte>.Shared.Rent(raw.Length);
        try
        {
            Frames.Decode(codec, stored, again.AsSpan(0, raw.Length), objectName);
            if (!again.AsSpan(0, raw.Length).SequenceEqual(raw))
                throw new CorruptObjectException(
                    objectName, "a frame that decodes to what was encoded", "other bytes");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(again);
        }
    }

    /// <summary>A frame of a plan: as long as it may become, and of no content.</summary>
    public static EncodedFrame Planned(int storedBytes, int rawBytes) => new(
        ArrayPool<byte>.Shared.Rent(storedBytes), storedBytes, rawBytes,
        storedBytes < rawBytes ? FrameCodec.Zstd : FrameCodec.Stored);

    public void Return() => ArrayPool<byte>.Shared.Return(_rented);
}
