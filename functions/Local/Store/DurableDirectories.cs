using System.Collections.Concurrent;

namespace SnapshotFunctions.Local.Store;

/// <summary>
/// Makes directories whose names are durable. One that another process made counts only once this
/// process has synced it too: the other may not have come to it yet. They are never removed.
/// </summary>
internal sealed class DurableDirectories(IFileLayer files, string root)
{
    private readonly ConcurrentDictionary<string, bool> _durable = new(StringComparer.Ordinal);

    internal void Ensure(string path)
    {
        if (path.Length <= root.Length || _durable.ContainsKey(path))
            return;
        var parent = path[..path.LastIndexOf('/')];
        Ensure(parent);
        files.CreateDirectory(path);
        files.SyncDirectory(parent);
        _durable[path] = true;
    }
}
