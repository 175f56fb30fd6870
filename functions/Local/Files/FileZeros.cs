using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SnapshotFunctions.Local.Files;

/// <summary>Gives the space of a range of a file back, so that it reads as zeros.</summary>
internal static partial class FileZeros
{
    private const int KeepSize = 1;
    private const int PunchHole = 2;

    /// <summary>False where the file system cannot: then zeros must be written.</summary>
    public static bool TryPunch(SafeFileHandle handle, long offset, long lengthBytes) =>
        OperatingSystem.IsLinux() && Environment.Is64BitProcess
        && Fallocate(handle, KeepSize | PunchHole, offset, lengthBytes) == 0;

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Fallocate(SafeFileHandle handle, int mode, long offset, long length);
}
