namespace SnapshotFunctions.Engine.Intake;

/// <summary>An upload to put aside.</summary>
/// <param name="Machine">The machine's folder.</param>
/// <param name="Path">The upload.</param>
/// <param name="Time">When it was found bad.</param>
/// <param name="Code">Why, for programs.</param>
/// <param name="Message">Why, for people.</param>
public sealed record PutAsideInput(
    string Machine, string Path, DateTimeOffset Time, string Code, string Message);
