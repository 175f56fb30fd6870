using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Turns;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Flows.Expiring;

/// <summary>
/// <c>Retention</c>: lets the versions expire that the machine's policy does not keep, and those
/// that were hidden before and can go now; then what is due is swept.
/// </summary>
public sealed class RetentionFlow(EngineOptions options)
    : Flow<RetentionInput, ExpireResult>(ExpiryNames.Retention)
{
    private readonly TurnTaking _turns = new(options);
    private readonly VersionExpiry _expiring = new(options);

    /// <inheritdoc/>
    public override Task<ExpireResult> RunAsync(IFlowContext context, RetentionInput input) =>
        _expiring.WithinTurnAsync(context, _turns, input.Machine, null);
}
