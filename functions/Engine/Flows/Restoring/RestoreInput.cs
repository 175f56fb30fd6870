using SnapshotFunctions.Engine.Flows.Rehydrating;

namespace SnapshotFunctions.Engine.Flows.Restoring;

/// <summary>A restore.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Target">Where to, as the host's targets understand it: a path.</param>
/// <param name="Version">The version; null for the newest.</param>
/// <param name="Disk">The disk; null where there is only one.</param>
/// <param name="Format"><c>raw</c>, or one of <c>ExportFormats</c>.</param>
/// <param name="Overwrite">Whether a new file may take the place of one that is there.</param>
/// <param name="Onto">
/// Whether only what differs is written into the file that is there. It is read and compared by
/// hash, unless <paramref name="FromVersion"/> tells what it holds. One that ends midway leaves the
/// file partly changed; the same restore, run again, completes it.
/// </param>
/// <param name="FromVersion">The version that the file is trusted to hold; it is not read then.</param>
/// <param name="Rehydrate">
/// How soon archived data is to be brought back for it; null refuses a version that needs any.
/// </param>
public sealed record RestoreInput(
    string Machine, string Target, int? Version = null, string? Disk = null,
    string Format = "raw", bool Overwrite = false, bool Onto = false, int? FromVersion = null,
    RehydrationWish? Rehydrate = null);
