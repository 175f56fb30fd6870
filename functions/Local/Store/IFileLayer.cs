namespace SnapshotFunctions.Local.Store;

/// <summary>
/// The file system under a folder store. What it promises is what POSIX does: a rename replaces
/// its target as one act; bytes are durable once the file is synced, names once their directory
/// is; whatever was not synced may after a crash be there, or not, or in part, in any order.
/// Errors are <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>.
/// </summary>
internal interface IFileLayer
{
    /// <summary>Opens a file to read and sync, or to write too; null when there is none.</summary>
    IFile? TryOpen(string path, bool forWriting = false);

    /// <summary>Opens a file to read and write, made anew or emptied.</summary>
    IFile Create(string path);

    /// <summary>Whether there is a file of that path.</summary>
    bool FileExists(string path);

    /// <summary>Whether there is a directory of that path.</summary>
    bool DirectoryExists(string path);

    /// <summary>Gives a file another name in the same directory, over whatever has it.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file; none there is no error.</summary>
    void Delete(string path);

    /// <summary>Makes one directory; one there already is no error.</summary>
    void CreateDirectory(string path);

    /// <summary>Removes an empty directory; none there, or a full one, is no error.</summary>
    void DeleteDirectory(string path);

    /// <summary>Makes the names in a directory durable.</summary>
    void SyncDirectory(string path);

    /// <summary>The names in a directory, in no order; none when it is not there.</summary>
    IReadOnlyList<string> List(string path);

    /// <summary>Waits for a lock that excludes all processes, and ends with its holder.</summary>
    ValueTask<IDisposable> LockAsync(string path, CancellationToken cancellation);

    /// <summary>Takes such a lock if it is free, else answers null.</summary>
    IDisposable? TryLock(string path);
}
