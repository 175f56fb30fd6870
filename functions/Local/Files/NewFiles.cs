using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Files;

/// <summary>Writes small files into a folder, each whole or not at all.</summary>
internal static class NewFiles
{
    /// <summary>Refuses before the first is written what would be refused at a later one.</summary>
    /// <exception cref="RefusedException">A file of one of these names is there.</exception>
    public static void Check(string folder, IEnumerable<string> names, bool overwrite)
    {
        foreach (var name in names)
        {
            var path = PathOf(folder, name);
            if (Directory.Exists(path))
                throw new RefusedException("target-exists", $"'{path}' is a folder.");
            if (!overwrite && (File.Exists(path) || IsLink(path))) throw Exists(path);
        }
    }

    /// <summary>Writes one file: beside its place first, then into it.</summary>
    /// <returns>Its path.</returns>
    public static async Task<string> WriteAsync(
        string folder, string name, ReadOnlyMemory<byte> content, bool overwrite,
        CancellationToken cancellation)
    {
        var path = PathOf(folder, name);
        Directory.CreateDirectory(folder);
        var beside = Path.Combine(folder, $".{name}.{Guid.NewGuid():n}.part");
        try
        {
            await using (var file = new FileStream(
                beside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(content, cancellation);
                file.Flush(flushToDisk: true);
            }
            // A rename takes the place of a link, and writes nothing through it.
            File.Move(beside, path, overwrite);
            return path;
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            throw Exists(path);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    /// <summary>A machine file's name has no separator and no dot first: it stays in the folder.</summary>
    private static string PathOf(string folder, string name) =>
        Path.Combine(folder, ObjectNames.CheckFileName(name));

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static RefusedException Exists(string path) => new(
        "target-exists", $"'{path}' is there already; give --overwrite to take its place.");
}
