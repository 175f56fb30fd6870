using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SnapshotFunctions.Local.Files;

/// <summary>What tells one state of a file from another.</summary>
/// <param name="Device">The device that it lies on; 0 where that is not known.</param>
/// <param name="Inode">Its number there; 0 where that is not known.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="ModifiedTicks">
/// When its content last changed, in ticks of 100 ns since 1970.
/// </param>
internal readonly partial record struct FileState(
    ulong Device, ulong Inode, long LengthBytes, long ModifiedTicks)
{
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7FF;
    private const uint BirthTime = 0x800;

    /// <summary>The state that an open file is in now.</summary>
    public static FileState Of(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux())
            return new FileState(
                0, 0, RandomAccess.GetLength(handle),
                (File.GetLastWriteTimeUtc(handle) - DateTime.UnixEpoch).Ticks);
        if (Statx(handle, string.Empty, EmptyPath, BasicStats, out var found) != 0)
            throw new IOException(
                "statx failed", new Win32Exception(Marshal.GetLastPInvokeError()));
        return new FileState(
            ((ulong)found.DeviceMajor << 32) | found.DeviceMinor, found.Inode,
            (long)found.Size, (found.ModifiedSeconds * 10_000_000) + (found.ModifiedNanos / 100));
    }

    /// <summary>
    /// What tells one file from another whatever is written to it and however it is renamed:
    /// device, inode and, as inodes are given again, when it was made. Elsewhere than on Linux all
    /// files look alike.
    /// </summary>
    public static string IdentityOf(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux()) return "file";
        if (Statx(handle, string.Empty, EmptyPath, BasicStats | BirthTime, out var found) != 0)
            throw new IOException(
                "statx failed", new Win32Exception(Marshal.GetLastPInvokeError()));
        var born = (found.Mask & BirthTime) == 0
            ? 0 : (found.BornSeconds * 10_000_000) + (found.BornNanos / 100);
        return $"{((ulong)found.DeviceMajor << 32) | found.DeviceMinor:x}:{found.Inode}:{born}";
    }

    /// <summary>Device, inode, length and time, as one word.</summary>
    public override string ToString() => $"{Device:x}:{Inode}:{LengthBytes}:{ModifiedTicks}";

    [LibraryImport(
        "libc", EntryPoint = "statx", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(
        SafeFileHandle handle, string path, int flags, uint mask, out StatxBuffer buffer);

    /// <summary>
    /// The kernel's struct statx: unlike struct stat it is the same on every machine.
    /// </summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatxBuffer
    {
        [FieldOffset(0x00)]
        public uint Mask;

        [FieldOffset(0x20)]
        public ulong Inode;

        [FieldOffset(0x28)]
        public ulong Size;

        [FieldOffset(0x50)]
        public long BornSeconds;

        [FieldOffset(0x58)]
        public uint BornNanos;

        [FieldOffset(0x70)]
        public long ModifiedSeconds;

        [FieldOffset(0x78)]
        public uint ModifiedNanos;

        [FieldOffset(0x88)]
        public uint DeviceMajor;

        [FieldOffset(0x8C)]
        public uint DeviceMinor;
    }
}
