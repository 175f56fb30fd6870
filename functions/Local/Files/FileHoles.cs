using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Files;

/// <summary>Asks Linux where a file's data lies.</summary>
/// <remarks>The handle's own position moves; nothing here reads by position.</remarks>
internal static partial class FileHoles
{
    private const int SeekData = 3;
    private const int SeekHole = 4;

    /// <summary>ENXIO: no data at or after the offset.</summary>
    private const int NoSuchAddress = 6;

    /// <summary>
    /// The first data at or after an offset; the whole rest where holes are not known.
    /// </summary>
    public static ByteRange? NextData(SafeFileHandle handle, long offset, long end)
    {
        var data = Seek(handle, offset, SeekData);
        if (data < 0)
            return Marshal.GetLastPInvokeError() == NoSuchAddress
                ? null
                : new ByteRange(offset, end);
        if (data >= end)
            return null;
        var hole = Seek(handle, data, SeekHole);
        return new ByteRange(data, hole <= data ? end : Math.Min(hole, end));
    }

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long Seek(SafeFileHandle handle, long offset, int whence);
}
