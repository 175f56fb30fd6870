using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Turns;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Flows.Expiring;

/// <summary>
/// <c>Expire</c>: lets named versions expire. The newest, pinned ones and all of a machine on hold
/// are refused. A version that others still need is hidden and goes with a later run of retention.
/// </summary>
public sealed class ExpireFlow(EngineOptions options)
    : Flow<ExpireInput, ExpireResult>(ExpiryNames.Expire)
{
    private readonly TurnTaking _turns = new(options);
    private readonly VersionExpiry _expiring = new(options);

    /// <inheritdoc/>
    public override Task<ExpireResult> RunAsync(IFlowContext context, ExpireInput input) =>
        _expiring.WithinTurnAsync(context, _turns, input.Machine, input.Versions);
}
