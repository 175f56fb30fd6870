namespace SnapshotFunctions.Engine.Disks.Qcow2;

/// <summary>
/// How a qcow2 image compresses its compressed clusters, as its header numbers it.
/// </summary>
internal enum Qcow2Compression
{
    /// <summary>Raw deflate.</summary>
    Zlib = 0,

    /// <summary>One or more zstd frames.</summary>
    Zstd = 1,
}
