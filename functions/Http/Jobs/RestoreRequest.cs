using SnapshotFunctions.Engine.Flows.Rehydrating;

namespace SnapshotFunctions.Http.Jobs;

/// <summary>What to write out, and under which name.</summary>
/// <param name="Target">
/// The name of a file in the host's folder or container of restored disks: 1 to 100 of a-z, 0-9,
/// '.' and '-', a letter or digit first.
/// </param>
/// <param name="Disk">The disk; may be left out where there is only one.</param>
/// <param name="Format">What is written.</param>
/// <param name="Overwrite">Whether it may take the place of a file of that name.</param>
/// <param name="Rehydrate">
/// How soon archived data is to be brought back for it, all in the one job; null refuses a restore
/// that would need any.
/// </param>
public sealed record RestoreRequest(
    string Target, string? Disk = null, RestoreFormat Format = RestoreFormat.Raw,
    bool Overwrite = false, RehydrationWish? Rehydrate = null);
