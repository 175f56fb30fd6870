using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Store;

/// <summary>
/// Writes long pieces of a file past the page cache. What a restore or an ingest writes is seldom
/// read at once, and the cache would cost a copy, fresh pages and a late rush to the disk: more
/// than half of the processor time of a restore. Only whole pages are written so; the caller writes
/// what is left. Nothing is durable before the file is synced, as with any write.
/// </summary>
internal sealed unsafe class DirectWriter : IDisposable
{
    /// <summary>Offset and length must be multiples of it: the largest sector of a disk.</summary>
    internal const int AlignmentBytes = 4096;

    /// <summary>Shorter pieces are left to the page cache, which gathers them.</summary>
    internal const int LeastBytes = 256 << 10;

    private const int PieceBytes = 4 << 20;
    private const int InvalidArgument = 22;
    private const int NotSupported = 95;

    private readonly SafeFileHandle _handle;
    private volatile bool _isRefused;

    private DirectWriter(SafeFileHandle handle) => _handle = handle;

    /// <summary>
    /// A second opening of an open file; null where system or file system have no such writes.
    /// </summary>
    internal static DirectWriter? TryOpen(SafeFileHandle file) =>
        NativeFiles.OpenAgainForDirectWrites(file) is { } handle ? new DirectWriter(handle) : null;

    /// <summary>Writes all of the content: what this way cannot take goes through the cache.</summary>
    /// <param name="direct">The second opening of the file; null where there is none.</param>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where in it.</param>
    /// <param name="content">The bytes.</param>
    internal static void WriteAll(
        DirectWriter? direct, SafeFileHandle file, long offset, ReadOnlySpan<byte> content)
    {
        var done = direct?.Write(offset, content) ?? 0;
        if (done < content.Length) RandomAccess.Write(file, content[done..], offset + done);
    }

    /// <summary>
    /// Writes as much of the content as can be written so, from its start. The rest, which may be
    /// all of it, is the caller's.
    /// </summary>
    /// <returns>Bytes written.</returns>
    internal int Write(long offset, ReadOnlySpan<byte> content)
    {
        if (_isRefused || content.Length < LeastBytes || offset % AlignmentBytes != 0) return 0;
        var whole = content[..(content.Length & -AlignmentBytes)];
        try
        {
            if (((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(whole))
                & (AlignmentBytes - 1)) == 0)
                RandomAccess.Write(_handle, whole, offset);
            else
                WriteCopied(offset, whole);
            return whole.Length;
        }
        catch (IOException error) when (error.HResult is InvalidArgument or NotSupported)
        {
            // A file system that opens files so and then wants more of a write, or has none.
            _isRefused = true;
            return 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private void WriteCopied(long offset, ReadOnlySpan<byte> whole)
    {
        var buffer = PageBuffer.Rent(Math.Min(PieceBytes, whole.Length));
        try
        {
            while (!whole.IsEmpty)
            {
                var piece = buffer.Span[..Math.Min(buffer.LengthBytes, whole.Length)];
                whole[..piece.Length].CopyTo(piece);
                RandomAccess.Write(_handle, piece, offset);
                offset += piece.Length;
                whole = whole[piece.Length..];
            }
        }
        finally
        {
            buffer.Return();
        }
    }
}
