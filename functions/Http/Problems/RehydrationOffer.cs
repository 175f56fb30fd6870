namespace SnapshotFunctions.Http.Problems;

/// <summary>What bringing archived data back online would take.</summary>
/// <param name="Objects">How many objects of the range that was asked for are archived.</param>
/// <param name="Bytes">Their length together.</param>
/// <param name="Underway">How many of them are being rehydrated already.</param>
/// <param name="StandardHours">The longest wait at standard priority.</param>
/// <param name="HighHours">
/// The usual longest wait at high priority, of which an account gets some GiB an hour; null where it
/// is not offered.
/// </param>
/// <param name="Start">The link to POST to.</param>
public sealed record RehydrationOffer(
    int Objects, long Bytes, int Underway, int StandardHours, int? HighHours, string Start);
