namespace SnapshotFunctions.LocalTests.Store;

/// <summary>Folders for tests, on two different file systems.</summary>
internal static class TestFolders
{
    /// <summary>Where base placements lie in tests.</summary>
    internal static string Disk => Path.GetTempPath();

    /// <summary>Another file system than <see cref="Disk"/>, where delta placements lie.</summary>
    internal static string Memory => "/dev/shm";

    internal static string Make(string parent) =>
        Directory.CreateDirectory(Path.Combine(parent, $"stores-{Guid.NewGuid():N}")).FullName;
}
