namespace SnapshotFunctions.Engine.Steps.Restoring;

/// <summary>What a part of a restore came to.</summary>
/// <param name="WrittenBytes">Bytes written to the target.</param>
/// <param name="ZeroedBytes">Bytes of the target that were made zeros.</param>
/// <param name="ComparedBytes">Bytes of the target that were read to be compared.</param>
/// <param name="LengthBytes">The length of what was written; of a whole image only.</param>
public sealed record RestoreOutcome(
    long WrittenBytes, long ZeroedBytes, long ComparedBytes, long LengthBytes = 0)
{
    /// <summary>Nothing done.</summary>
    public static RestoreOutcome None { get; } = new(0, 0, 0);

    /// <summary>Both together.</summary>
    public RestoreOutcome Plus(RestoreOutcome other) => new(
        WrittenBytes + other.WrittenBytes, ZeroedBytes + other.ZeroedBytes,
        ComparedBytes + other.ComparedBytes, Math.Max(LengthBytes, other.LengthBytes));
}
