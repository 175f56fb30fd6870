namespace SnapshotFunctions.Engine.Format;

/// <summary>How hard a frame is compressed. Readers need not know it.</summary>
/// <param name="Level">The level of zstd.</param>
/// <param name="HashLog">
/// Bits of the table of earlier matches; 0: what zstd takes at the level. zstd's own choice is for
/// long inputs: for a frame, a table that stays in the processor's nearest cache is a tenth
/// quicker and costs a hundredth in size.
/// </param>
internal readonly record struct FrameEffort(int Level, int HashLog)
{
    /// <summary>Of all but what a dependent machine keeps: ingestion is bound by the processor.</summary>
    public static FrameEffort Quick { get; } = new(1, 12);

    /// <summary>
    /// Of what tells a dependent machine from its origin: a tenth smaller for a fourth of the speed,
    /// which is spent once for what is kept as long as the machine.
    /// </summary>
    public static FrameEffort Thorough { get; } = new(6, 0);

    /// <summary>All that frames were ever made with.</summary>
    public static IReadOnlyList<FrameEffort> All { get; } = [Quick, Thorough, new(1, 0)];
}
