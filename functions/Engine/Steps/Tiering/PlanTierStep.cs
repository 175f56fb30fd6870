using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Tiering;

namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary><c>PlanTier</c>: looks at some objects and tells which move by themselves now.</summary>
public sealed class PlanTierStep(StepServices services)
    : Step<PlanTierInput, TierTicket>(TierSteps.PlanName)
{
    /// <inheritdoc/>
    public override async Task<TierTicket> RunAsync(
        PlanTierInput input, CancellationToken cancellation)
    {
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        RequireTurn(manifest, input.Epoch);
        var survey = await TierSurvey.BeginAsync(services, manifest, isWhole: false, cancellation);
        var window = await survey.LookAsync(input.From, cancellation);
        var plan = survey.Plan(window);
        var at = services.Time.GetUtcNow();
        var moves = new List<TierMove>();
        for (var i = 0; i < plan.Decisions.Count; i++)
        {
            var decision = plan.Decisions[i];
            if (decision.Action != TierAction.Move) continue;
            if (moves.Count == services.Options.Tiering.MostMoves)
                return new TierTicket(i, moves, at, window.Candidates[i - 1].After);
            moves.Add(new TierMove(
                NameOf(input.Machine, decision.Object), decision.Tier, decision.Object.LengthBytes));
        }
        return new TierTicket(plan.Decisions.Count, moves, at, window.Next);
    }

    /// <summary>Goes on only under the turn that the work belongs to.</summary>
    /// <exception cref="TurnLostException">It is over.</exception>
    internal static void RequireTurn(Manifest manifest, long epoch)
    {
        if (manifest.Head.Claim?.Epoch != epoch)
            throw new TurnLostException(manifest.Machine, epoch, manifest.Head.Epoch);
    }

    private static string NameOf(string machine, TierCandidate candidate) => candidate.Pack != 0
        ? ObjectNames.Pack(machine, candidate.Key.Operation, candidate.Pack)
        : ObjectNames.DeltaData(
            new ShardKey(machine, candidate.Disk, candidate.Shard), candidate.Key);
}
