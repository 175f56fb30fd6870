namespace SnapshotFunctions.Engine.Intake;

/// <summary>Why an upload was put aside; <c>reason.json</c> beside its files.</summary>
/// <param name="Code">Stable word for programs.</param>
/// <param name="Message">What was expected, what was found, what to do.</param>
/// <param name="Time">When it was put aside.</param>
public sealed record QuarantineReason(string Code, string Message, DateTimeOffset Time);
