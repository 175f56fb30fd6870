namespace SnapshotFunctions.Local.Serving.Uploading;

/// <summary>
/// One upload as this process works on it: what changes it as a whole goes through one after the
/// other; of each file there is one writer.
/// </summary>
internal sealed class UploadGate
{
    private readonly Dictionary<string, UploadWriter> _writers = new(StringComparer.Ordinal);

    /// <summary>Held while the upload as a whole is looked at or changed.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>How many calls work on it; of <see cref="UploadGates"/>.</summary>
    public int Users { get; set; }

    /// <summary>The writers at work.</summary>
    public IReadOnlyList<UploadWriter> Writers
    {
        get
        {
            lock (_writers) return [.. _writers.Values];
        }
    }

    /// <summary>A file's writer; null for none.</summary>
    public UploadWriter? WriterOf(string record)
    {
        lock (_writers) return _writers.GetValueOrDefault(record);
    }

    /// <summary>Lets a writer begin; the turn is held, and the file has none.</summary>
    public UploadWriter Begin(string record, TimeProvider time)
    {
        lock (_writers)
        {
            var writer = new UploadWriter(time);
            _writers.Add(record, writer);
            return writer;
        }
    }

    /// <summary>Lets a writer end.</summary>
    public void End(string record)
    {
        lock (_writers)
        {
            if (_writers.Remove(record, out var writer)) writer.Dispose();
        }
    }
}
