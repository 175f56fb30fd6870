namespace SnapshotFunctions.Engine.Planning;

/// <summary>What an incremental image says of its parent.</summary>
/// <param name="Image">The image's file name, for messages.</param>
/// <param name="Hint">The parent's file name, as the image has it; it proves nothing.</param>
/// <param name="Ids">What the parent's identifier must be, any one of these; may be empty.</param>
public sealed record ParentClaim(string Image, string? Hint, IReadOnlyList<string> Ids);
