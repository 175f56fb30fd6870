using Microsoft.Win32.SafeHandles;

namespace SnapshotFunctions.Local.Store;

/// <summary>The machine's own file system.</summary>
internal sealed class DiskFileLayer(TimeProvider clock) : IFileLayer
{
    private const FileShare Everyone = FileShare.ReadWrite | FileShare.Delete;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private static bool HasFlock => OperatingSystem.IsLinux() || OperatingSystem.IsMacOS();

    /// <inheritdoc/>
    public IFile? TryOpen(string path, bool forWriting = false)
    {
        try
        {
            var access = forWriting ? FileAccess.ReadWrite : FileAccess.Read;
            return new DiskFile(File.OpenHandle(path, FileMode.Open, access, Everyone));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public IFile Create(string path) =>
        new DiskFile(File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, Everyone));

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <inheritdoc/>
    public void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone with its directory.
        }
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path) => Directory.CreateDirectory(path);

    /// <inheritdoc/>
    public void DeleteDirectory(string path)
    {
        try
        {
            Directory.Delete(path);
        }
        catch (IOException)
        {
            // Not there, or another process has put a file into it.
        }
    }

    /// <inheritdoc/>
    public void SyncDirectory(string path)
    {
        // Elsewhere the file system's own journal keeps the order of names.
        if (HasFlock)
            NativeFiles.SyncDirectory(path);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string path)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IDisposable> LockAsync(string path, CancellationToken cancellation)
    {
        if (TryLock(path) is { } free)
            return free;
        if (!HasFlock)
            return await PollAsync(path, cancellation);
        var handle = NativeFiles.OpenForLock(path);
        var locking = Task.Run(() => NativeFiles.Lock(handle, wait: true), CancellationToken.None);
        try
        {
            await locking.WaitAsync(cancellation);
            return handle;
        }
        catch
        {
            // The wait itself cannot be broken off; whoever gets the lock gives it back at once.
            _ = locking.ContinueWith(
                _ => handle.Dispose(), CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        if (!HasFlock)
            return TryOpenAlone(path);
        var handle = NativeFiles.OpenForLock(path);
        try
        {
            if (NativeFiles.Lock(handle, wait: false))
                return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }

        handle.Dispose();
        return null;
    }

    private static SafeFileHandle? TryOpenAlone(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private async ValueTask<IDisposable> PollAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            if (TryOpenAlone(path) is { } alone)
                return alone;
            await Task.Delay(PollInterval, clock, cancellation);
        }
    }
}
