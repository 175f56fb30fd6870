using System.Runtime.InteropServices;

namespace SnapshotFunctions.Engine.Format;

/// <summary>
/// zstd as machine code, where there is a library: on 64 KiB frames it compresses and decompresses
/// a third faster than the managed port. Both write frames that the other reads. Only functions
/// whose interface has been fixed since zstd 1.4 are called.
/// </summary>
internal static unsafe class NativeZstd
{
    /// <summary>1.4.0: the first whose parameters are a fixed interface.</summary>
    private const uint LeastVersion = 10400;

    // Of the enumeration ZSTD_cParameter in zstd.h.
    private const int CompressionLevel = 100;
    private const int HashLog = 102;

    [ThreadStatic]
    private static Context? _compressor;

    [ThreadStatic]
    private static FrameEffort _effort;

    [ThreadStatic]
    private static Context? _decompressor;

    private static readonly Functions Zstd = Load();

    /// <summary>Whether the system has the library.</summary>
    public static bool IsThere => Zstd.Compress is not null;

    /// <summary>Compresses into at most the room that there is; false where it takes more.</summary>
    public static bool TryCompress(
        ReadOnlySpan<byte> raw, Span<byte> stored, FrameEffort effort, out int storedBytes)
    {
        _compressor ??= new Context(Zstd.CreateCompressor, Zstd.FreeCompressor);
        if (_effort != effort)
        {
            Require(Zstd.SetParameter(_compressor.Raw, CompressionLevel, effort.Level));
            Require(Zstd.SetParameter(_compressor.Raw, HashLog, effort.HashLog));
            _effort = effort;
        }
        nuint result;
        fixed (byte* from = raw, to = stored)
            result = Zstd.Compress(
                _compressor.Raw, to, (nuint)stored.Length, from, (nuint)raw.Length);
        var fits = Zstd.IsError(result) == 0;
        storedBytes = fits ? (int)result : 0;
        return fits;
    }

    /// <summary>Decompresses; null, or what is wrong with the bytes.</summary>
    public static string? Decompress(ReadOnlySpan<byte> stored, Span<byte> raw, out int rawBytes)
    {
        _decompressor ??= new Context(Zstd.CreateDecompressor, Zstd.FreeDecompressor);
        nuint result;
        fixed (byte* from = stored, to = raw)
            result = Zstd.Decompress(
                _decompressor.Raw, to, (nuint)raw.Length, from, (nuint)stored.Length);
        var isError = Zstd.IsError(result) != 0;
        rawBytes = isError ? 0 : (int)result;
        return isError ? Marshal.PtrToStringUTF8(Zstd.ErrorName(result)) : null;
    }

    private static void Require(nuint result)
    {
        if (Zstd.IsError(result) != 0)
            throw new InvalidOperationException(
                $"zstd refused a setting: {Marshal.PtrToStringUTF8(Zstd.ErrorName(result))}.");
    }

    private static Functions Load()
    {
        foreach (var place in Places())
        {
            if (NativeLibrary.TryLoad(place, out var library)
                && NativeLibrary.TryGetExport(library, "ZSTD_versionNumber", out var version)
                && ((delegate* unmanaged[Cdecl]<uint>)version)() >= LeastVersion)
                return new Functions(library);
        }
        return default;
    }

    /// <summary>
    /// First the library that came with this program, by its whole path: what lies in other
    /// folders of a search is not to be trusted, and one version writes the same frames of the
    /// same bytes on every machine. Where it does not run (it needs glibc), the system's, by the
    /// name that the dynamic linker finds; Windows has none of its own.
    /// </summary>
    private static IEnumerable<string> Places()
    {
        var (system, file, installed) =
            OperatingSystem.IsWindows() ? ("win", "libzstd.dll", null)
            : OperatingSystem.IsMacOS() ? ("osx", "libzstd.dylib", "libzstd.1.dylib")
            : ("linux", "libzstd.so", "libzstd.so.1");
        var folder = AppContext.BaseDirectory;
        // Published for one kind of machine it lies beside the program, else in a folder for each.
        yield return Path.Combine(folder, file);
        var kind = $"{system}-{RuntimeInformation.ProcessArchitecture}".ToLowerInvariant();
        yield return Path.Combine(folder, "runtimes", kind, "native", file);
        if (installed is not null) yield return installed;
    }

    private readonly struct Functions(nint library)
    {
        public readonly delegate* unmanaged[Cdecl]<nint> CreateCompressor =
            (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(library, "ZSTD_createCCtx");

        public readonly delegate* unmanaged[Cdecl]<nint, nuint> FreeCompressor =
            (delegate* unmanaged[Cdecl]<nint, nuint>)NativeLibrary.GetExport(
                library, "ZSTD_freeCCtx");

        public readonly delegate* unmanaged[Cdecl]<nint, int, int, nuint> SetParameter =
            (delegate* unmanaged[Cdecl]<nint, int, int, nuint>)NativeLibrary.GetExport(
                library, "ZSTD_CCtx_setParameter");

        public readonly delegate* unmanaged[Cdecl]<
            nint, byte*, nuint, byte*, nuint, nuint> Compress =
            (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint>)
            NativeLibrary.GetExport(library, "ZSTD_compress2");

        public readonly delegate* unmanaged[Cdecl]<nint> CreateDecompressor =
            (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(library, "ZSTD_createDCtx");

        public readonly delegate* unmanaged[Cdecl]<nint, nuint> FreeDecompressor =
            (delegate* unmanaged[Cdecl]<nint, nuint>)NativeLibrary.GetExport(
                library, "ZSTD_freeDCtx");

        public readonly delegate* unmanaged[Cdecl]<
            nint, byte*, nuint, byte*, nuint, nuint> Decompress =
            (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint>)
            NativeLibrary.GetExport(library, "ZSTD_decompressDCtx");

        public readonly delegate* unmanaged[Cdecl]<nuint, uint> IsError =
            (delegate* unmanaged[Cdecl]<nuint, uint>)NativeLibrary.GetExport(
                library, "ZSTD_isError");

        public readonly delegate* unmanaged[Cdecl]<nuint, nint> ErrorName =
            (delegate* unmanaged[Cdecl]<nuint, nint>)NativeLibrary.GetExport(
                library, "ZSTD_getErrorName");
    }

    /// <summary>A context of the library, given back some time after its thread has ended.</summary>
    private sealed class Context : SafeHandle
    {
        private readonly delegate* unmanaged[Cdecl]<nint, nuint> _free;

        public Context(
            delegate* unmanaged[Cdecl]<nint> create, delegate* unmanaged[Cdecl]<nint, nuint> free)
            : base(0, ownsHandle: true)
        {
            _free = free;
            SetHandle(create());
            if (IsInvalid) throw new InvalidOperationException("zstd got no memory.");
        }

        public override bool IsInvalid => handle == 0;

        /// <summary>Not counted: only the thread that keeps the context uses it.</summary>
        public nint Raw => handle;

        protected override bool ReleaseHandle() => _free(handle) == 0;
    }
}
