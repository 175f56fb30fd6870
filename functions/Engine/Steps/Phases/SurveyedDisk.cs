namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>One image that was looked through and found sound.</summary>
/// <param name="Source">The upload.</param>
/// <param name="Identity">The state of it that was seen.</param>
/// <param name="Name">The disk's name, if given.</param>
/// <param name="FileName">The upload's file name.</param>
/// <param name="Format">What the image is.</param>
/// <param name="SizeBytes">The disk's size.</param>
/// <param name="HasParent">Whether it leaves ranges to a parent.</param>
/// <param name="ParentHint">What it says of its parent.</param>
/// <param name="Shards">The shards that it says anything of, as ranges; may hold a few more.</param>
/// <param name="ImageId">The image's own identifier.</param>
/// <param name="ParentIds">What its parent's identifier must be, any one of these.</param>
public sealed record SurveyedDisk(
    string Source, string Identity, string? Name, string FileName, string Format, long SizeBytes,
    bool HasParent, string? ParentHint, string Shards, string? ImageId = null,
    IReadOnlyList<string>? ParentIds = null);
