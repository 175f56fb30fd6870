namespace SnapshotFunctions.Engine.Outcomes;

/// <summary>What an event tells; what does not apply is left out.</summary>
/// <param name="Job">The job that it came of.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Version">The version.</param>
/// <param name="Base">The version the base stands at.</param>
/// <param name="Snapshot">The upload's name.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Target">Where a disk was restored to.</param>
/// <param name="Place">Where an upload was put aside.</param>
/// <param name="Code">Why, for programs.</param>
/// <param name="Message">Why, for people.</param>
/// <param name="Errors">How many errors were found.</param>
/// <param name="OriginMachine">The machine that a new one was stored against.</param>
/// <param name="OriginVersion">That machine's version.</param>
/// <param name="SavedBytes">About how many bytes were not stored again for that.</param>
public sealed record OutcomeData(
    string Job, string? Machine = null, int? Version = null, int? Base = null,
    string? Snapshot = null, string? Disk = null, string? Target = null, string? Place = null,
    string? Code = null, string? Message = null, long? Errors = null,
    string? OriginMachine = null, int? OriginVersion = null, long? SavedBytes = null);
