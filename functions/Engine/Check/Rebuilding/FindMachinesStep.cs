using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <summary><c>FindMachines</c>: the machines of both placements, also those without a head.</summary>
public sealed class FindMachinesStep(StepServices services)
    : Step<FindMachinesInput, FoundMachines>(RebuildStepNames.FindMachines)
{
    private const string Prefix = "machines/";

    /// <summary>As many as fit a step's result.</summary>
    private const int MostNames = 150;

    /// <inheritdoc/>
    public override async Task<FoundMachines> RunAsync(
        FindMachinesInput input, CancellationToken cancellation)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var store in new[] { services.BaseStore, services.DeltaStore }.Distinct())
        {
            await foreach (var found in store.ListAsync(Prefix, cancellation))
            {
                // What a late writer to a mount has left is no machine.
                if (ObjectNames.TryParseMount(found.Name, out _, out _)) continue;
                var rest = found.Name[Prefix.Length..];
                var slash = rest.IndexOf('/', StringComparison.Ordinal);
                if (slash > 0 && ObjectNames.IsName(rest[..slash])
                    && string.CompareOrdinal(rest[..slash], input.After) > 0)
                    names.Add(rest[..slash]);
            }
        }
        return new FoundMachines([.. names.Take(MostNames)], names.Count > MostNames);
    }
}
