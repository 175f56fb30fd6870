using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Uploads;

/// <summary>What may be uploaded, for every host.</summary>
public static class UploadRules
{
    /// <summary>A raw disk that is looked at first: it must not look like another format.</summary>
    public const string Img = "img";

    /// <summary>The note that binds an upload.</summary>
    public const string NoteName = "snapshot.json";

    private const string ReasonName = "reason.json";
    private const int MostLabelCharacters = 200;
    private const int MostDisks = 64;

    /// <summary>Endings of images, also of those that are not read yet.</summary>
    private static readonly string[] Images =
        [".raw", ".img", ".qcow2", ".vhd", ".vhdx", ".vmdk", ".sfd"];

    /// <summary>The formats that are taken.</summary>
    public static IReadOnlyList<string> Formats { get; } = [.. ImageOpener.Formats, Img];

    /// <summary>The longest file of a kind, in bytes.</summary>
    public static long MostBytes(UploadKind kind) =>
        kind is UploadKind.Disk ? ImageLimits.DiskBytes : VersionFile.MostBytes;

    /// <summary>How many files of a kind a snapshot may have.</summary>
    public static int MostFiles(UploadKind kind) =>
        kind is UploadKind.Disk ? MostDisks : VersionFile.MostFiles;

    /// <summary>The file's name where uploads lie: <c>{disk}.{format}</c>, or its own.</summary>
    public static string FileName(UploadKind kind, string name, string? format) =>
        kind is UploadKind.Disk ? $"{name}.{format}" : name;

    /// <summary>Checks a machine file's name: it lies beside the images and their note.</summary>
    /// <exception cref="RefusedException">It is no such name.</exception>
    public static string CheckFileName(string name)
    {
        ObjectNames.CheckFileName(name);
        if (name is NoteName or ReasonName
            || Images.Any(i => name.EndsWith(i, StringComparison.Ordinal)))
        {
            throw new RefusedException(
                "name",
                $"'{name}' is no machine file's name: it is kept for images and what binds them.");
        }
        return name;
    }

    /// <summary>Checks a disk's format.</summary>
    /// <exception cref="RefusedException">It is not taken.</exception>
    public static string CheckFormat(string format) =>
        Formats.Contains(format, StringComparer.Ordinal) ? format : throw new RefusedException(
            "format",
            $"format: expected {string.Join(", ", Formats)}; found '{Shown(format)}'. Convert the "
            + "image to one of these.");

    /// <summary>Checks what binds an upload, as far as it can be checked alone.</summary>
    /// <exception cref="RefusedException">It is wrong in itself.</exception>
    public static UploadClosing CheckClosing(UploadClosing closing)
    {
        if (closing.Disks.Count is 0 or > MostDisks)
            throw ApiCall.Refused("disks", $"1 to {MostDisks} names", $"{closing.Disks.Count}");
        foreach (var disk in closing.Disks) ObjectNames.CheckName("disk", disk);
        CheckDistinct("disks", closing.Disks);
        if (closing.Files is { } files)
        {
            foreach (var file in files) CheckFileName(file);
            CheckDistinct("files", files);
        }
        if (closing.Parent is < 1)
            throw ApiCall.Refused("parent", "a number from 1 up", $"{closing.Parent}");
        return closing.Label?.Length > MostLabelCharacters
            ? throw ApiCall.Refused("label", $"at most {MostLabelCharacters} characters", "more")
            : closing;
    }

    private static void CheckDistinct(string parameter, IReadOnlyList<string> names)
    {
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Count)
            throw ApiCall.Refused(parameter, "each name once", string.Join(", ", names));
    }

    private static string Shown(string text) => text.Length <= 40 ? text : $"{text[..40]}...";
}
