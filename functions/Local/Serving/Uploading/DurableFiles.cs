using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.Local.Serving.Uploading;

/// <summary>Small files and folders whose bytes and names survive a power failure.</summary>
internal static class DurableFiles
{
    /// <summary>Writes a document as one act: after a crash the old one stands, or the new.</summary>
    public static void Write<T>(string path, T document, JsonTypeInfo<T> type)
    {
        var draft = $"{path}.tmp";
        using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, document, type);
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Reads a document; null when it is not there.</summary>
    public static T? Read<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Makes a folder and those above it that are not there.</summary>
    public static void MakeFolder(string path)
    {
        if (Directory.Exists(path)) return;
        var above = Path.GetDirectoryName(path)!;
        MakeFolder(above);
        Directory.CreateDirectory(path);
        SyncFolder(above);
    }

    /// <summary>Makes the names in a folder durable.</summary>
    public static void SyncFolder(string path)
    {
        // Elsewhere the file system's own journal keeps the order of names.
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()) NativeFiles.SyncDirectory(path);
    }
}
