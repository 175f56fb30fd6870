using System.Collections.Concurrent;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Store;

/// <summary>
/// An object store in a folder of this machine, which several processes may use at once. An object
/// is a head file, replaced by rename, and data files that its blocks are appended to; a small
/// object lies in its head whole. What protects what:
/// <list type="bullet">
/// <item>Writer against writer, in any process: the object's lock, held over check and rename.
/// Staging needs none: each process appends to a data file of its own.</item>
/// <item>Reader against writer: a reader looks at the head's revision again after it has read;
/// what a commit supersedes is given back only after its rename, so bytes under an unchanged
/// revision are whole.</item>
/// <item>Crash: data, then head, then the head's name are synced in that order, so that a head
/// refers only to what is durable. What is left over is unreferenced, and is swept.</item>
/// </list>
/// Deliberately left undone: a reader may see a head whose name is not durable yet, and lose it
/// with the machine; the write had not returned then.
/// </summary>
public sealed partial class FolderStore : IObjectStore, IDisposable
{
    /// <summary>An object up to this length lies in its head: one file, two syncs.</summary>
    internal const int MostInlineBytes = 256 << 10;

    private const int Locks = 256;
    private const int MostOpenFiles = 256;
    private const int MostHeads = 64;
    private const int MostAppenders = 256;

    private readonly string _root;
    private readonly string _objects;
    private readonly IFileLayer _files;
    private readonly FolderStoreOptions _options;
    private readonly DurableDirectories _directories;
    private readonly FileCache _open;
    private readonly HeadCache _heads = new(MostHeads);
    private readonly ConcurrentDictionary<string, Appender> _appenders = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim[] _turns =
        [.. Enumerable.Range(0, Locks).Select(_ => new SemaphoreSlim(1, 1))];

    private FolderStore(string root, FolderStoreOptions options, IFileLayer files)
    {
        _root = root;
        _objects = $"{root}/objects";
        _options = options;
        _files = files;
        _directories = new DurableDirectories(files, root);
        _open = new FileCache(files, MostOpenFiles);
        files.CreateDirectory(root);
        files.SyncDirectory(root[..Math.Max(1, root.LastIndexOf('/'))]);
        _directories.Ensure(_objects);
        _directories.Ensure($"{root}/locks");
    }

    /// <inheritdoc/>
    public string Description => $"folder {_root}";

    private DateTimeOffset Now => _options.Clock.GetUtcNow();

    /// <summary>Opens a store in a folder, which is made when it is not there.</summary>
    /// <exception cref="StoreException">The folder cannot be used.</exception>
    public static FolderStore Open(string root, FolderStoreOptions? options = null)
    {
        options ??= new FolderStoreOptions();
        return Open(Path.GetFullPath(root), options, new DiskFileLayer(options.Clock));
    }

    internal static FolderStore Open(string root, FolderStoreOptions options, IFileLayer files)
    {
        try
        {
            return new FolderStore(root.TrimEnd('/', '\\'), options, files);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreRefusedException(
                root, $"a store cannot be opened in this folder: {error.Message}", error);
        }
    }

    /// <summary>Gives up open files and locks; staged blocks stay for whoever comes next.</summary>
    public void Dispose()
    {
        foreach (var name in _appenders.Keys)
            Retire(name);
        _open.Dispose();
        foreach (var turn in _turns)
            turn.Dispose();
    }

    private ObjectPaths PathsOf(string name) => ObjectPaths.Of(_objects, name);

    /// <summary>Runs an act off the caller's thread and translates what the disk answers.</summary>
    private static async Task<T> RunAsync<T>(
        string name, Func<Task<T>> act, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return await Task.Run(act, cancellation);
        }
        catch (IOException error)
        {
            throw new StoreBusyException(name, error.Message, retryAfter: null, error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new StoreRefusedException(name, error.Message, error);
        }
    }

    /// <summary>Runs an act while no other writer of this object, in any process, is at work.</summary>
    private Task<T> RunLockedAsync<T>(
        string name, Func<ObjectPaths, T> act, CancellationToken cancellation) => RunAsync(
        name,
        async () =>
        {
            var number = ObjectPaths.LockNumber(name);
            await _turns[number].WaitAsync(cancellation);
            try
            {
                // Ours first: of many callers in this process only one waits on the file.
                using var held = await _files.LockAsync($"{_root}/locks/{number:x2}", cancellation);
                return act(PathsOf(name));
            }
            finally
            {
                _turns[number].Release();
            }
        },
        cancellation);

    private ObjectHead? LoadHead(ObjectPaths paths, string name, bool withTables = true)
    {
        using var file = _files.TryOpen(paths.Head);
        return file is null ? null : HeadFormat.Read(file, name, withTables);
    }

    private void Retire(string name)
    {
        if (_appenders.TryRemove(name, out var appender))
            appender.Retire();
    }
}
