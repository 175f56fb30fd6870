namespace SnapshotFunctions.AzureStore.Catalog;

/// <summary>One version in the table <c>versions</c>.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Version">Its number.</param>
/// <param name="State"><c>ready</c>, <c>withdrawn</c> or <c>hidden</c>.</param>
/// <param name="Time">When the machine was in this state.</param>
/// <param name="Label">What the user calls it.</param>
/// <param name="Snapshot">The upload that it came from.</param>
/// <param name="Parent">The version that the snapshot was laid on; null for a full one.</param>
/// <param name="SizeBytes">The sizes of its disks together.</param>
/// <param name="ChangedBytes">Bytes in the sectors that changed against the version below.</param>
/// <param name="Fingerprint">Its fingerprint, 64 hexadecimal digits.</param>
/// <param name="Disks">The disks' names, with a comma between.</param>
public sealed record VersionRow(
    string Machine, int Version, string State, DateTimeOffset Time, string? Label,
    string? Snapshot, int? Parent, long SizeBytes, long ChangedBytes, string Fingerprint,
    string Disks);
