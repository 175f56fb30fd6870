using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Retention;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>PlanExpiry</c>: says which versions expire, by name or by the machine's policy, and refuses
/// those that must not. With the policy, versions that were hidden before are looked at again.
/// </summary>
public sealed class PlanExpiryStep(StepServices services)
    : Step<PlanExpiryInput, ExpiryTicket>(PhaseNames.PlanExpiry)
{
    /// <inheritdoc/>
    public override async Task<ExpiryTicket> RunAsync(
        PlanExpiryInput input, CancellationToken cancellation)
    {
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        if (input.Versions is { } named)
        {
            foreach (var version in named)
                await ExpiryRules.RequireAsync(manifest, version, cancellation);
            return new ExpiryTicket([.. named.Distinct().Order()], null);
        }
        var versions = await ExpiryRules.VersionsAsync(manifest, cancellation);
        var plan = ExpiryRules.PlanOf(
            manifest, versions, services.Time.GetUtcNow(), RetentionMargins.Default);
        if (manifest.Head.Hold is not null) return new ExpiryTicket([], plan.Halted);
        var hidden = new List<int>();
        await foreach (var version in manifest.VersionsAsync(cancellation: cancellation))
            if (version.State == VersionState.Hidden && version.Number < manifest.NewestNumber)
                hidden.Add(version.Number);
        return new ExpiryTicket(
            [.. plan.Expired.Concat(hidden).Order()], plan.Halted);
    }
}
