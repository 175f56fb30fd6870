using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Demo;

/// <summary>One image of the demo.</summary>
/// <param name="Path">The file.</param>
/// <param name="RawHash">SHA-256 of the disk that it stands for.</param>
/// <param name="SizeBytes">That disk's size.</param>
internal sealed record DemoImage(string Path, Hash256 RawHash, long SizeBytes);
