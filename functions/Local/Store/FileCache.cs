namespace SnapshotFunctions.Local.Store;

/// <summary>
/// Keeps the data files read last open. A file that is dropped while it is read answers with
/// <see cref="ObjectDisposedException"/>, and the reader asks again.
/// </summary>
internal sealed class FileCache(IFileLayer files, int most) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Path, IFile File)>> _open =
        new(StringComparer.Ordinal);

    private readonly LinkedList<(string Path, IFile File)> _byUse = new();

    internal IFile? TryGet(string path)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(path, out var node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return node.Value.File;
            }

            if (files.TryOpen(path) is not { } file)
                return null;
            _open[path] = _byUse.AddFirst((path, file));
            if (_byUse.Count > most)
                Drop(_byUse.Last!);
            return file;
        }
    }

    internal void Remove(string path)
    {
        lock (_lock)
        {
            if (_open.TryGetValue(path, out var node))
                Drop(node);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            while (_byUse.Last is { } last)
                Drop(last);
        }
    }

    private void Drop(LinkedListNode<(string Path, IFile File)> node)
    {
        _open.Remove(node.Value.Path);
        _byUse.Remove(node);
        node.Value.File.Dispose();
    }
}
