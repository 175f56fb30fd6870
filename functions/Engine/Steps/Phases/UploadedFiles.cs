using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>Reads machine files from uploads: small ones, whole.</summary>
internal static class UploadedFiles
{
    /// <summary>
    /// How many files one step works on: their uploads' names may be long, and what a step is
    /// given and answers must stay small.
    /// </summary>
    public const int MostAtOnce = 4;

    /// <summary>The bytes of a file and the state that they were read from.</summary>
    /// <param name="services">Opens uploads.</param>
    /// <param name="source">The upload.</param>
    /// <param name="identity">The state first seen; null to take the one that stands.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="RefusedException">It is too long.</exception>
    public static async Task<(byte[] Content, string Identity)> ReadAsync(
        StepServices services, string source, string? identity, CancellationToken cancellation)
    {
        await using var file = await services.Sources.OpenAsync(source, identity, cancellation);
        if (file.LengthBytes > VersionFile.MostBytes)
            throw new RefusedException(
                "file-size",
                $"'{file.Name}' has {file.LengthBytes} bytes; a machine file has at most "
                + $"{VersionFile.MostBytes}. Give disks as disks.");
        var content = new byte[file.LengthBytes];
        if (content.Length > 0) await file.ReadAsync(0, content, cancellation);
        return (content, file.Identity);
    }

    /// <summary>Refuses names that no version can have, and those that are there twice.</summary>
    public static void CheckNames(IReadOnlyList<string> names)
    {
        if (names.Count > VersionFile.MostFiles)
            throw new RefusedException(
                "files",
                $"A version has at most {VersionFile.MostFiles} machine files; {names.Count} were "
                + "given.");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
            if (!seen.Add(ObjectNames.CheckFileName(name)))
                throw new RefusedException(
                    "files", $"Two machine files are named '{name}': give one another name.");
    }
}
