using System.CommandLine;
using System.CommandLine.Parsing;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;

namespace SnapshotFunctions.Local.Commands;

/// <summary>
/// The options <c>--plan</c> and <c>--show-plan</c> of a command that moves data: what it would
/// use and cost, instead of the work or beside it.
/// </summary>
internal sealed class PlanChoice
{
    private readonly Option<bool> _only = new("--plan")
    {
        Description = "Only tell which operations, bytes, wait and price this would take; "
            + "changes nothing.",
    };

    private readonly Option<bool> _shown = new("--show-plan")
    {
        Description = "Plan first, and tell behind the results what was planned and what was used.",
    };

    private bool _isOnly;
    private bool _isShown;

    /// <summary>Whether a plan is wanted beside the results.</summary>
    public bool IsShown => _isShown;

    /// <summary>Whether only the plan is wanted.</summary>
    public bool IsOnly => _isOnly;

    /// <summary>Puts the options on a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_only);
        command.Add(_shown);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_only) && result.GetValue(_shown))
                result.AddError($"{command.Name}: give either --plan or --show-plan.");
        });
    }

    /// <summary>Whether a plan is asked for at all.</summary>
    public bool IsAsked(CommandResult result) => result.GetValue(_only) || result.GetValue(_shown);

    /// <summary>What was chosen.</summary>
    public PlanChoice Read(ParseResult parse)
    {
        _isOnly = parse.GetValue(_only);
        _isShown = parse.GetValue(_shown);
        return this;
    }

    /// <summary>Shows the plan.</summary>
    public static async Task<int> ShowAsync<TIn, TOut>(
        CommandSession session, LocalEngine engine, FlowName<TIn, TOut> flow, TIn input,
        string machine, CancellationToken cancellation)
    {
        return Show(
            session, engine,
            await engine.Planner.PlanAsync(flow, input, machine, cancellation));
    }

    /// <summary>Shows a plan of several flows.</summary>
    public static int Show(CommandSession session, LocalEngine engine, Plan plan)
    {
        session.Write(
            PlanDocument.Of(plan, engine.Prices), DocumentJson.Default.PlanDocument,
            text => PlanTable.Draw(text, plan, engine.Prices));
        return ExitCodes.Ok;
    }

    /// <summary>The plan to keep with the work; null when it is not wanted.</summary>
    public async Task<Usage?> PlanAsync<TIn, TOut>(
        LocalEngine engine, FlowName<TIn, TOut> flow, TIn input, string machine,
        CancellationToken cancellation) => _isShown
        ? (await engine.Planner.PlanAsync(flow, input, machine, cancellation)).Usage
        : null;

    /// <summary>What was billed, behind the results, where that is wanted.</summary>
    public static void Tell(
        CommandSession session, LocalEngine engine, Usage? planned, Usage? used)
    {
        if (session.Json || used is null || (!session.Verbose && planned is null)) return;
        session.Write(text => PlanTable.Draw(text, planned, used, engine.Prices));
    }
}
