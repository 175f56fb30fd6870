using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>
/// What one serving process keeps for itself beyond its life: the journal of jobs that read. Only
/// one process has it at a time; the system gives its lock back when that process ends, however it
/// ends.
/// </summary>
internal sealed class StateFolder : IDisposable
{
    private const string LockName = "lock";
    private const string OwnerName = "owner";

    private readonly FileStream _lock;

    private StateFolder(FileStream held, FolderStore journal) => (_lock, Journal) = (held, journal);

    /// <summary>Where the journal lies.</summary>
    public FolderStore Journal { get; }

    /// <summary>Opens the folder, and makes it when it is not there.</summary>
    /// <exception cref="RefusedException">
    /// "state-taken": another process has it; "state-folder": it cannot be used.
    /// </exception>
    public static StateFolder Open(string path, TimeProvider time)
    {
        FileStream? held = null;
        try
        {
            Directory.CreateDirectory(path);
            held = Lock(path);
            File.WriteAllText(Path.Combine(path, OwnerName), ProcessOwner.Text);
            return new StateFolder(
                held,
                FolderStore.Open(
                    Path.Combine(path, "journal"), new FolderStoreOptions { Clock = time }));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw new RefusedException(
                "state-folder", $"The folder {path} cannot be used: {error.Message}");
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Journal.Dispose();
        _lock.Dispose();
    }

    private static FileStream Lock(string path)
    {
        var name = Path.Combine(path, LockName);
        try
        {
            return new FileStream(
                name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        // A folder that cannot be written to is another error than a file that is held.
        catch (IOException) when (File.Exists(name))
        {
            throw new RefusedException(
                "state-taken",
                $"Another 'serve' ({OwnerOf(path)}) keeps its jobs in {path}. Stop it first, or "
                + "give this one another folder with --state.");
        }
    }

    private static string OwnerOf(string path)
    {
        try
        {
            return DriverLease.ProcessOf(File.ReadAllText(Path.Combine(path, OwnerName)));
        }
        catch (IOException)
        {
            return "it does not say which";
        }
    }
}
