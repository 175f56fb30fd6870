namespace SnapshotFunctions.LocalTests.Store;

/// <summary>
/// A directory's names as they are seen and as they are durable. A rename is one change, as on
/// every journalled file system; other changes are forgotten one by one.
/// </summary>
internal sealed class FaultyDirectory
{
    private readonly List<Action<FaultyDirectory>> _unsynced = [];
    private Dictionary<string, FaultyContent> _files = new(StringComparer.Ordinal);
    private Dictionary<string, FaultyDirectory> _folders = new(StringComparer.Ordinal);
    private Dictionary<string, FaultyContent> _durableFiles = new(StringComparer.Ordinal);
    private Dictionary<string, FaultyDirectory> _durableFolders = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => [.. _files.Keys, .. _folders.Keys];

    public FaultyContent? Find(string name) => _files.GetValueOrDefault(name);

    public FaultyDirectory? FindFolder(string name) => _folders.GetValueOrDefault(name);

    public void Set(string name, FaultyContent? file) => Change(directory =>
    {
        if (file is null)
            directory._files.Remove(name);
        else
            directory._files[name] = file;
    });

    public void SetFolder(string name, FaultyDirectory? folder) => Change(directory =>
    {
        if (folder is null)
            directory._folders.Remove(name);
        else
            directory._folders[name] = folder;
    });

    public void Rename(string from, string to, FaultyContent file) => Change(directory =>
    {
        // When the making of the old name was forgotten, the rename brings the file all the same.
        directory._files.Remove(from);
        directory._files[to] = file;
    });

    public void Sync()
    {
        _durableFiles = new(_files, StringComparer.Ordinal);
        _durableFolders = new(_folders, StringComparer.Ordinal);
        _unsynced.Clear();
    }

    public void Forget(Random random)
    {
        var changes = _unsynced.Where(_ => random.Next(2) == 0).ToArray();
        _files = new(_durableFiles, StringComparer.Ordinal);
        _folders = new(_durableFolders, StringComparer.Ordinal);
        foreach (var change in changes)
            change(this);
        Sync();
        foreach (var file in _files.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            file.Value.Forget(random);
        foreach (var folder in _folders.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            folder.Value.Forget(random);
    }

    private void Change(Action<FaultyDirectory> change)
    {
        _unsynced.Add(change);
        change(this);
    }
}
