namespace SnapshotFunctions.Engine.Disks;

/// <summary>
/// The identifiers that an image's format keeps: which image it is, and which one it was taken
/// against. Unlike a file name they tell a right parent from a wrong one.
/// </summary>
/// <param name="Id">The image's own identifier; null where its format has none.</param>
/// <param name="ParentIds">
/// What its parent's identifier must be, any one of these; empty where it says nothing.
/// </param>
public sealed record ImageIdentity(string? Id, IReadOnlyList<string> ParentIds)
{
    /// <summary>An image that carries no identifiers.</summary>
    public static ImageIdentity None { get; } = new(null, []);

    /// <summary>Names a parent by its number, among the identifiers of an image's parent.</summary>
    internal static string OfVersion(string number) => $"{VersionWord}{number}";

    /// <summary>Names a parent by its fingerprint, or by its node of the disk.</summary>
    internal static string OfFingerprint(string hash) => $"{FingerprintWord}{hash}";

    /// <summary>What a version's number stands behind.</summary>
    internal const string VersionWord = "version ";

    /// <summary>What a fingerprint stands behind.</summary>
    internal const string FingerprintWord = "fingerprint ";
}
