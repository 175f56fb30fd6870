using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.LocalTests.Store;

/// <summary>
/// A file system in memory that forgets as real ones may: after <see cref="Crash"/> each write that
/// was not synced is there, gone or torn, and each change of a name not synced with its directory
/// has happened or not, whatever came before or after it. Everything synced stands.
/// </summary>
internal sealed class FaultyFileLayer : IFileLayer
{
    private readonly Lock _lock = new();
    private readonly FaultyDirectory _top = new();
    private readonly Dictionary<string, SemaphoreSlim> _locks = new(StringComparer.Ordinal);
    private int _life;

    /// <summary>The operation, from 1, before which the machine ends; 0 for none.</summary>
    public long CrashAt { get; set; }

    /// <summary>Operations that changed or synced something so far.</summary>
    public long Operations { get; private set; }

    /// <summary>Whether the machine has ended.</summary>
    public bool IsDown { get; private set; }

    /// <summary>Ends the machine and starts it on what survived; old handles and locks are void.</summary>
    public void Crash(int seed)
    {
        lock (_lock)
        {
            _top.Forget(new Random(seed));
            _locks.Clear();
            _life++;
            IsDown = false;
            CrashAt = 0;
        }
    }

    public IFile? TryOpen(string path, bool forWriting = false)
    {
        lock (_lock)
        {
            CheckUp();
            var (directory, name) = Split(path);
            return Find(directory)?.Find(name) is { } file
                ? new FaultyFile(this, file, _life)
                : null;
        }
    }

    public IFile Create(string path) => Do(() =>
    {
        var (directory, name) = Split(path);
        var found = DirectoryAt(directory);
        if (found.Find(name) is not { } file)
        {
            file = new FaultyContent();
            found.Set(name, file);
        }

        file.Truncate();
        return new FaultyFile(this, file, _life);
    });

    public bool FileExists(string path)
    {
        using var file = TryOpen(path);
        return file is not null;
    }

    public bool DirectoryExists(string path)
    {
        lock (_lock)
        {
            CheckUp();
            return Find(path) is not null;
        }
    }

    public void Rename(string from, string to) => Do(() =>
    {
        var (directory, name) = Split(from);
        var (target, newName) = Split(to);
        if (!string.Equals(directory, target, StringComparison.Ordinal))
            throw new InvalidOperationException("The store renames within one directory only.");
        var found = DirectoryAt(directory);
        var file = found.Find(name) ?? throw new IOException($"There is no '{from}'.");
        found.Rename(name, newName, file);
        return true;
    });

    public void Delete(string path) => Do(() =>
    {
        var (directory, name) = Split(path);
        if (Find(directory) is { } found && found.Find(name) is not null)
            found.Set(name, null);
        return true;
    });

    public void CreateDirectory(string path) => Do(() =>
    {
        if (Find(path) is not null)
            return true;
        var (directory, name) = Split(path);
        DirectoryAt(directory).SetFolder(name, new FaultyDirectory());
        return true;
    });

    public void DeleteDirectory(string path) => Do(() =>
    {
        if (Find(path) is { Names.Count: 0 })
        {
            // A crash that forgets this brings back, with it, names it lost unsynced.
            var (directory, name) = Split(path);
            DirectoryAt(directory).SetFolder(name, null);
        }

        return true;
    });

    public void SyncDirectory(string path) => Do(() =>
    {
        DirectoryAt(path).Sync();
        return true;
    });

    public IReadOnlyList<string> List(string path)
    {
        lock (_lock)
        {
            CheckUp();
            return Find(path) is { } found ? [.. found.Names] : [];
        }
    }

    public async ValueTask<IDisposable> LockAsync(string path, CancellationToken cancellation)
    {
        var held = LockOf(path);
        await held.WaitAsync(cancellation);
        return new Release(held);
    }

    public IDisposable? TryLock(string path)
    {
        var held = LockOf(path);
        return held.Wait(0) ? new Release(held) : null;
    }

    internal T Do<T>(Func<T> act, int? life = null)
    {
        lock (_lock)
        {
            if (life is not null && life != _life)
                throw new MachineDownException("a handle of an earlier life");
            CheckUp();
            if (++Operations == CrashAt)
            {
                IsDown = true;
                CheckUp();
            }

            return act();
        }
    }

    internal T Look<T>(Func<T> act, int life)
    {
        lock (_lock)
        {
            if (life != _life)
                throw new MachineDownException("a handle of an earlier life");
            CheckUp();
            return act();
        }
    }

    private static (string Directory, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return (slash == 0 ? "/" : path[..slash], path[(slash + 1)..]);
    }

    private FaultyDirectory? Find(string path)
    {
        var found = _top;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            found = found.FindFolder(name);
            if (found is null)
                return null;
        }

        return found;
    }

    private FaultyDirectory DirectoryAt(string path) =>
        Find(path) ?? throw new IOException($"There is no '{path}'.");

    private SemaphoreSlim LockOf(string path)
    {
        lock (_lock)
        {
            CheckUp();
            if (!_locks.TryGetValue(path, out var held))
                _locks[path] = held = new SemaphoreSlim(1, 1);
            return held;
        }
    }

    private void CheckUp()
    {
        if (IsDown)
            throw new MachineDownException($"before file operation {Operations}");
    }

    private sealed class Release(SemaphoreSlim held) : IDisposable
    {
        public void Dispose() => held.Release();
    }
}
