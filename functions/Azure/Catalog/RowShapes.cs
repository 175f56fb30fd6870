using System.Globalization;
using Azure.Data.Tables;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.AzureStore.Catalog;

/// <summary>
/// How rows are written: keys, property names, and what a manifest comes to. Every row holds the
/// revision of the head that it was made from, so that an older writer never wins.
/// </summary>
internal static class RowShapes
{
    /// <summary>The one partition of machines: names in it are in order, for paging.</summary>
    public const string MachinesPartition = "machine";

    /// <summary>The one partition of jobs, the newest first.</summary>
    public const string JobsPartition = "job";

    /// <summary>The revision that a row was made from.</summary>
    public const string Revision = "Revision";

    /// <summary>The state of a version that is not listed any more.</summary>
    public const string Gone = "gone";

    /// <summary>Which pages of older versions the rows were last made from.</summary>
    public const string Pages = "Pages";

    private const int MostLabel = 1000;
    private const int MostText = 30_000;

    /// <summary>The row key of a version: in order of numbers.</summary>
    public static string KeyOf(int version) =>
        version.ToString("D10", CultureInfo.InvariantCulture);

    /// <summary>The row key of a job: the newest first, the id apart from others of its instant.</summary>
    public static string KeyOf(JobRow job) =>
        $"{DateTimeOffset.MaxValue.UtcTicks - job.Started.UtcTicks:D19}-{job.Id}";

    /// <summary>What a manifest comes to.</summary>
    public static TableEntity Machine(Manifest manifest, int standing)
    {
        var head = manifest.Head;
        var listed = head.Versions.Where(v => v.State == VersionState.Ready).ToList();
        var newest = listed.Count == 0 ? null : listed[^1];
        return new TableEntity(MachinesPartition, head.Machine)
        {
            ["Newest"] = newest?.Number ?? 0,
            ["Versions"] = head.Pages.Sum(p => p.Count) + listed.Count,
            ["Base"] = standing,
            ["Time"] = newest?.Time,
            ["SizeBytes"] = newest?.Disks.Sum(d => d.SizeBytes) ?? 0L,
            ["Disks"] = Cut(string.Join(',', head.Disks.Select(d => d.Name)), MostText),
            ["Operations"] = head.Operations.Count,
            [Revision] = head.Revision,
            ["Written"] = head.Written,
            [Pages] = PagesOf(head),
        };
    }

    /// <summary>What a version comes to.</summary>
    public static TableEntity Version(string machine, VersionRecord version, long revision) =>
        new(machine, KeyOf(version.Number))
        {
            ["Number"] = version.Number,
            ["State"] = version.State switch
            {
                VersionState.Withdrawn => "withdrawn",
                VersionState.Hidden => "hidden",
                _ => "ready",
            },
            ["Time"] = version.Time,
            ["Label"] = version.Label is { } label ? Cut(label, MostLabel) : null,
            ["Snapshot"] = version.Snapshot,
            ["Parent"] = version.Parent,
            ["SizeBytes"] = version.Disks.Sum(d => d.SizeBytes),
            ["ChangedBytes"] = version.Disks.Sum(d => d.ChangedBytes),
            ["Fingerprint"] = version.Fingerprint.ToString(),
            ["Disks"] = Cut(string.Join(',', version.Disks.Select(d => d.Name)), MostText),
            [Revision] = revision,
        };

    /// <summary>
    /// The row of a version that is listed no more. It stays as a mark: were it removed, a writer
    /// of an older revision would make it again.
    /// </summary>
    public static TableEntity GoneVersion(TableEntity row, long revision) =>
        new(row.PartitionKey, row.RowKey)
        {
            ["Number"] = row.GetInt32("Number"), ["State"] = Gone, [Revision] = revision,
        };

    /// <summary>What a job comes to.</summary>
    public static TableEntity Job(JobRow job) => new(JobsPartition, KeyOf(job))
    {
        ["Id"] = job.Id,
        ["Flow"] = job.Flow,
        ["Machine"] = job.Machine,
        ["State"] = job.State,
        ["Started"] = job.Started,
        ["Ended"] = job.Ended,
        ["Output"] = job.Output is { } output ? Cut(output, MostText) : null,
        ["ErrorCode"] = job.ErrorCode,
        ["ErrorMessage"] = job.ErrorMessage is { } message ? Cut(message, MostText) : null,
    };

    /// <summary>Reads a machine's row.</summary>
    public static MachineEntry ReadMachine(TableEntity row) => new(
        row.RowKey, row.GetInt32("Newest") ?? 0, row.GetInt32("Versions") ?? 0,
        row.GetInt32("Base") ?? 0, row.GetDateTimeOffset("Time"), row.GetInt64("SizeBytes") ?? 0,
        row.GetString("Disks") ?? "", row.GetInt32("Operations") ?? 0,
        row.GetInt64(Revision) ?? 0, row.GetDateTimeOffset("Written") ?? default);

    /// <summary>Reads a version's row.</summary>
    public static VersionRow ReadVersion(TableEntity row) => new(
        row.PartitionKey, row.GetInt32("Number") ?? 0, row.GetString("State") ?? "",
        row.GetDateTimeOffset("Time") ?? default, row.GetString("Label"),
        row.GetString("Snapshot"), row.GetInt32("Parent"), row.GetInt64("SizeBytes") ?? 0,
        row.GetInt64("ChangedBytes") ?? 0, row.GetString("Fingerprint") ?? "",
        row.GetString("Disks") ?? "");

    /// <summary>Reads a job's row.</summary>
    public static JobRow ReadJob(TableEntity row) => new(
        row.GetString("Id") ?? "", row.GetString("Flow") ?? "", row.GetString("Machine"),
        row.GetString("State") ?? "", row.GetDateTimeOffset("Started") ?? default,
        row.GetDateTimeOffset("Ended"), row.GetString("Output"), row.GetString("ErrorCode"),
        row.GetString("ErrorMessage"));

    /// <summary>
    /// The pages with the first number that each answers for: what lay between two pages and is
    /// gone belongs to the later one.
    /// </summary>
    public static IEnumerable<(int First, VersionPageReference Page)> PageParts(ManifestHead head)
    {
        var above = 0;
        foreach (var page in head.Pages)
        {
            yield return (above + 1, page);
            above = page.Last;
        }
    }

    /// <summary>How a page is written down in a machine's row.</summary>
    public static string PartOf(int first, VersionPageReference page) =>
        $"{first}:{page.Hash.ToString()[..12]}";

    /// <summary>
    /// All pages; too many of them for one property come to nothing, and then all are looked
    /// through again.
    /// </summary>
    public static string PagesOf(ManifestHead head)
    {
        var text = string.Join(' ', PageParts(head).Select(p => PartOf(p.First, p.Page)));
        return text.Length <= MostText ? text : "";
    }

    private static string Cut(string text, int most) =>
        text.Length <= most ? text : $"{text[..(most - 3)]}...";
}
