using SnapshotFunctions.Engine.Check.Rebuilding;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Flows.Checking;

/// <summary>
/// <c>RebuildCatalog</c>: makes the heads of machines anew that are missing or damaged. It can take
/// no turn, as the turn lies in the head that is lost: it is the operator's to see that nothing else
/// works on these machines meanwhile.
/// </summary>
public sealed class RebuildCatalogFlow()
    : Flow<RebuildInput, RebuildResult>(CheckNames.RebuildCatalog)
{
    /// <summary>The most characters of notes in a result.</summary>
    private const int MostCharacters = 9_000;

    /// <inheritdoc/>
    public override async Task<RebuildResult> RunAsync(IFlowContext context, RebuildInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        var result = new RebuildResult(0, 0, 0, []);
        if (input.Machine is { } only) return await AddAsync(context, input, result, only);
        var found = new FoundMachines([], More: true);
        while (found.More && !context.IsCancelRequested)
        {
            var after = found.Machines is [.., var last] ? last : string.Empty;
            found = await context.RunStepAsync(
                RebuildStepNames.FindMachines, new FindMachinesInput(after));
            foreach (var machine in found.Machines)
            {
                if (context.IsCancelRequested) break;
                result = await AddAsync(context, input, result, machine);
            }
        }
        return result;
    }

    private static async Task<RebuildResult> AddAsync(
        IFlowContext context, RebuildInput input, RebuildResult result, string machine)
    {
        RebuiltMachine rebuilt;
        var failed = 0;
        try
        {
            rebuilt = await context.RunStepAsync(
                RebuildStepNames.RebuildMachine, new RebuildMachineInput(machine, input.Force));
        }
        catch (StepFailedException error) when (input.Machine is null)
        {
            // One machine that cannot be rebuilt must not keep the others from it.
            rebuilt = new RebuiltMachine(machine, "failed", 0, 0, [error.Message], 1, 0);
            failed = 1;
        }
        context.Report(new FlowProgress("machines", result.Count + 1, 0, "machines"));
        var isNew = rebuilt.Source is "copy" or "objects";
        var told = input.Machine is null && rebuilt.Source is "sound"
            ? result.Machines : [.. result.Machines, Within(result.Machines, rebuilt)];
        return new RebuildResult(
            result.Count + 1, result.Rebuilt + (isNew ? 1 : 0), result.Failed + failed,
            [.. told.Take(40)]);
    }

    private static RebuiltMachine Within(
        IReadOnlyList<RebuiltMachine> told, RebuiltMachine machine)
    {
        var left = MostCharacters - told.Sum(m => m.Notes.Sum(n => n.Length + 4));
        var notes = machine.Notes.TakeWhile(n => (left -= n.Length + 4) >= 0).ToList();
        return machine with { Notes = notes };
    }
}
