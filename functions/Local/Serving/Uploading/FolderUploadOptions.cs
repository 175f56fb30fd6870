namespace SnapshotFunctions.Local.Serving.Uploading;

/// <summary>How uploads are gathered in a folder.</summary>
internal sealed record FolderUploadOptions
{
    /// <summary>How long a connection may bring nothing before another one may go on.</summary>
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an upload that was not completed is kept after the last byte came.</summary>
    public TimeSpan AbandonAfter { get; init; } = TimeSpan.FromDays(7);

    /// <summary>After how many bytes what came is made durable; a crash loses less than that.</summary>
    public long SyncEveryBytes { get; init; } = 64 << 20;

    /// <summary>How many bytes of a body are gathered before they are written.</summary>
    public int BufferBytes { get; init; } = 256 << 10;

    /// <summary>
    /// Told of each durable act as it is done; a test that throws here ends the process there.
    /// </summary>
    public Action<string> Done { get; init; } = _ => { };
}
