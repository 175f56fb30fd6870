using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SnapshotFunctions.Local.Store;

/// <summary>What the runtime has no call for: locks, holes and durable names, from libc.</summary>
internal static partial class NativeFiles
{
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;
    private const int ReadWrite = 2;
    private const int LockExclusive = 2;
    private const int LockNonBlocking = 4;
    private const int KeepSize = 1;
    private const int PunchHole = 2;
    private const int Interrupted = 4;

    private static int CloseOnExec => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    private static bool CanAllocate => OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    private static int WouldBlock => OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>Opens a file without the lock that the runtime would put on it.</summary>
    internal static SafeFileHandle OpenForLock(string path)
    {
        if (!File.Exists(path))
        {
            try
            {
                File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write).Dispose();
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another process made it between the two calls, which is as good.
            }
        }

        return Checked(Open(path, ReadWrite | CloseOnExec), path);
    }

    /// <summary>Locks for this handle alone; false when it is taken and was not to be waited for.</summary>
    internal static bool Lock(SafeFileHandle handle, bool wait)
    {
        while (Flock(handle, LockExclusive | (wait ? 0 : LockNonBlocking)) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == WouldBlock && !wait)
                return false;
            if (error != Interrupted)
                throw new IOException($"A lock failed with error {error}.");
        }

        return true;
    }

    internal static void SyncDirectory(string path)
    {
        using var handle = Checked(Open(path, ReadOnly | CloseOnExec), path);
        if (Fsync(handle) != 0)
        {
            throw new IOException(
                $"The directory '{path}' could not be synced: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>
    /// Gives the space of a range back, so that it reads as zeros; false where the file system has
    /// no holes, and nothing has changed.
    /// </summary>
    internal static bool TryPunchHole(SafeFileHandle handle, long offset, long lengthBytes) =>
        CanAllocate && Fallocate(handle, KeepSize | PunchHole, offset, lengthBytes) == 0;

    /// <summary>Takes the space of a range, which goes on to read as it did.</summary>
    /// <exception cref="IOException">
    /// There is no room, or the file system cannot do it; its code is the system's.
    /// </exception>
    internal static void Reserve(SafeFileHandle handle, long offset, long lengthBytes)
    {
        if (!CanAllocate) throw new IOException("Space cannot be reserved here.");
        while (Fallocate(handle, 0, offset, lengthBytes) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
                throw new IOException($"Space was not reserved: error {error}.", error);
        }
    }

    /// <summary>
    /// Opens an open file once more, for writes past the page cache; null where that cannot be had.
    /// </summary>
    internal static SafeFileHandle? OpenAgainForDirectWrites(SafeFileHandle handle)
    {
        var direct = RuntimeInformation.ProcessArchitecture switch
        {
            _ when !OperatingSystem.IsLinux() => 0,
            Architecture.X64 => 0x4000,
            Architecture.Arm64 => 0x10000,
            _ => 0,
        };
        if (direct == 0) return null;
        var isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            // By its descriptor: the name may lead to another file by now.
            var again = Open(
                $"/proc/self/fd/{handle.DangerousGetHandle()}", WriteOnly | CloseOnExec | direct);
            return again < 0 ? null : new SafeFileHandle(again, ownsHandle: true);
        }
        finally
        {
            if (isHeld) handle.DangerousRelease();
        }
    }

    private static SafeFileHandle Checked(int descriptor, string path) => descriptor >= 0
        ? new SafeFileHandle(descriptor, ownsHandle: true)
        : throw new IOException(
            $"'{path}' could not be opened: error {Marshal.GetLastPInvokeError()}.");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle handle, int operation);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Fallocate(SafeFileHandle handle, int mode, long offset, long length);
}
