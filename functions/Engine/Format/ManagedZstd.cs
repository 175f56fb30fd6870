using ZstdSharp;
using ZstdSharp.Unsafe;

namespace SnapshotFunctions.Engine.Format;

/// <summary>zstd of the package ZstdSharp, which runs wherever .NET does.</summary>
internal static class ManagedZstd
{
    [ThreadStatic]
    private static Compressor? _compressor;

    [ThreadStatic]
    private static FrameEffort _effort;

    [ThreadStatic]
    private static Decompressor? _decompressor;

    /// <summary>Compresses into at most the room that there is; false where it takes more.</summary>
    public static bool TryCompress(
        ReadOnlySpan<byte> raw, Span<byte> stored, FrameEffort effort, out int storedBytes)
    {
        _compressor ??= new Compressor();
        if (_effort != effort)
        {
            _compressor.Level = effort.Level;
            _compressor.SetParameter(ZSTD_cParameter.ZSTD_c_hashLog, effort.HashLog);
            _effort = effort;
        }
        return _compressor.TryWrap(raw, stored, out storedBytes);
    }

    /// <summary>Decompresses; null, or what is wrong with the bytes.</summary>
    public static string? Decompress(ReadOnlySpan<byte> stored, Span<byte> raw, out int rawBytes)
    {
        _decompressor ??= new Decompressor();
        try
        {
            return _decompressor.TryUnwrap(stored, raw, out rawBytes)
                ? null : "it is longer than the frame";
        }
        catch (ZstdException error)
        {
            rawBytes = 0;
            return error.Message;
        }
    }
}
