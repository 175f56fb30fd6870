using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Disks;

/// <summary>The parameter <c>format</c> of a disk.</summary>
internal static class DiskFormat
{
    private const string Name = "format";

    /// <summary>The parameter.</summary>
    public static RouteParameter Parameter { get; } = new(
        Name, "query", "string",
        "What file the disk is answered as, and ranges are of; raw. The layout is computed from "
        + "indexes, and equals what a restore in that format writes.")
    {
        Values = [ImageOpener.Raw, .. ExportFormats.ByRanges],
    };

    /// <summary>The format that a call asks for; null for the disk as it is.</summary>
    /// <exception cref="RefusedException">It is none that can be had by ranges.</exception>
    public static string? Of(ApiCall call)
    {
        if (call.Text(Name) is not { } format || format is ImageOpener.Raw) return null;
        if (format is ExportFormats.Vmdk) throw ExportFormats.NotByRanges();
        return ExportFormats.ByRanges.Contains(format, StringComparer.Ordinal)
            ? format
            : throw ApiCall.Refused(
                Name, $"one of {string.Join(", ", Parameter.Values)}", format);
    }
}
