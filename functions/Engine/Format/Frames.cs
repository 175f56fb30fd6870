using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>Encodes and decodes frames. Contexts are kept per thread; nothing is allocated.</summary>
public static class Frames
{
    /// <summary>Most bytes that encoding can write.</summary>
    public static int MostStoredBytes(int rawBytes) => rawBytes;

    /// <summary>
    /// Encodes a frame that is not all zero. What zstd does not make smaller by a sixteenth is
    /// stored as it is: decompressing it on every read would cost more than it saves.
    /// </summary>
    /// <param name="raw">The bytes.</param>
    /// <param name="stored">At least as long as <paramref name="raw"/>.</param>
    /// <param name="storedBytes">How many bytes were written.</param>
    /// <param name="isThorough">Whether to compress harder than ingestion can afford.</param>
    public static FrameCodec Encode(
        ReadOnlySpan<byte> raw, Span<byte> stored, out int storedBytes, bool isThorough = false) =>
        Encode(
            raw, stored, isThorough ? FrameEffort.Thorough : FrameEffort.Quick, NativeZstd.IsThere,
            out storedBytes);

    /// <summary>
    /// All that a frame of these bytes may have been stored as, by either library at any effort:
    /// a damaged object comes back under its recorded hash only with the bytes that it had.
    /// </summary>
    internal static IEnumerable<(FrameCodec Codec, byte[] Stored)> Encodings(byte[] raw)
    {
        var room = new byte[MostStoredBytes(raw.Length)];
        foreach (var effort in FrameEffort.All)
        {
            foreach (var isNative in NativeZstd.IsThere ? new[] { true, false } : [false])
            {
                var codec = Encode(raw, room, effort, isNative, out var length);
                yield return (codec, room[..length]);
            }
        }
    }

    private static FrameCodec Encode(
        ReadOnlySpan<byte> raw, Span<byte> stored, FrameEffort effort, bool isNative,
        out int storedBytes)
    {
        var room = stored[..(raw.Length - (raw.Length / 16))];
        if (isNative
            ? NativeZstd.TryCompress(raw, room, effort, out storedBytes)
            : ManagedZstd.TryCompress(raw, room, effort, out storedBytes)) return FrameCodec.Zstd;
        raw.CopyTo(stored);
        storedBytes = raw.Length;
        return FrameCodec.Stored;
    }

    /// <summary>Whether a frame of so many stored bytes can hold so many raw ones, not all zero.</summary>
    public static bool Fits(FrameCodec codec, int storedBytes, int rawBytes) => codec switch
    {
        FrameCodec.Stored => storedBytes == rawBytes,
        FrameCodec.Zstd => storedBytes >= 1 && storedBytes < rawBytes,
        _ => false,
    };

    /// <summary>Decodes a frame to exactly the bytes it was made from.</summary>
    /// <exception cref="CorruptObjectException">It does not decode to that length.</exception>
    public static void Decode(
        FrameCodec codec, ReadOnlySpan<byte> stored, Span<byte> raw, string objectName)
    {
        switch (codec)
        {
            case FrameCodec.Zero when stored.IsEmpty:
                raw.Clear();
                return;
            case FrameCodec.Stored when stored.Length == raw.Length:
                stored.CopyTo(raw);
                return;
            case FrameCodec.Zstd:
                DecodeZstd(stored, raw, objectName);
                return;
            default:
                throw new CorruptObjectException(
                    objectName, $"a frame of {raw.Length} bytes",
                    $"codec {(int)codec} with {stored.Length} stored bytes");
        }
    }

    private static void DecodeZstd(ReadOnlySpan<byte> stored, Span<byte> raw, string objectName)
    {
        var fault = NativeZstd.IsThere
            ? NativeZstd.Decompress(stored, raw, out var written)
            : ManagedZstd.Decompress(stored, raw, out written);
        if (fault is not null)
            throw new CorruptObjectException(
                objectName, "a zstd frame", $"an undecodable one ({fault})");
        if (written == raw.Length) return;
        throw new CorruptObjectException(
            objectName, $"a frame of {raw.Length} bytes", $"one of {written} bytes");
    }
}
