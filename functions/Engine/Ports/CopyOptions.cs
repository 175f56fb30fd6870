namespace SnapshotFunctions.Engine.Ports;

/// <summary>Where a copy goes and what it carries.</summary>
/// <param name="Tier">The tier to copy to; not Archive.</param>
/// <param name="Priority">How soon, where the source is archived.</param>
/// <param name="Metadata">Names of lower-case letters and digits; values printable ASCII.</param>
public sealed record CopyOptions(
    StorageTier Tier = StorageTier.Hot,
    RehydrationPriority Priority = RehydrationPriority.Standard,
    IReadOnlyDictionary<string, string>? Metadata = null)
{
    /// <summary>The copy's metadata that names its source.</summary>
    public const string SourceName = "copyof";

    /// <summary>All the metadata of a copy.</summary>
    public IReadOnlyDictionary<string, string> MetadataOf(string source)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in Metadata ?? new Dictionary<string, string>(StringComparer.Ordinal))
            all[key] = value;
        all[SourceName] = source;
        return all;
    }

    /// <summary>Whether an object is a copy of this source.</summary>
    public static bool IsCopyOf(ObjectProperties found, string source) =>
        found.Metadata.TryGetValue(SourceName, out var named)
        && string.Equals(named, source, StringComparison.Ordinal);

    /// <summary>The error of a copy whose name another object has.</summary>
    public static Model.OvertakenException Taken(string destination, string source) =>
        new(destination, $"there is an object of that name which is no copy of '{source}'");
}
