namespace SnapshotFunctions.Engine.Planning.Bases;

/// <summary>What a rule for the base sees of a machine.</summary>
/// <param name="Newest">The newest version that can be restored; 0 for none.</param>
/// <param name="Standing">The version that the base stands at; 0 for none.</param>
/// <param name="Forwards">How many versions lie after the base.</param>
/// <param name="ForwardBytes">Bytes of the sectors that these versions changed.</param>
/// <param name="Versions">
/// The newest versions that can be restored, ascending, and the older ones that were read of late.
/// </param>
/// <param name="Now">The clock's time.</param>
public sealed record BaseRuleState(
    int Newest, int Standing, int Forwards, long ForwardBytes,
    IReadOnlyList<BaseCandidate> Versions, DateTimeOffset Now);
