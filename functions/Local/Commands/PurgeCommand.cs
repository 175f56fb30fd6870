using System.CommandLine;
using SnapshotFunctions.Engine.Flows.Purging;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Costs;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>purge</c>: deletes a machine with all its versions.</summary>
internal static class PurgeCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = Inputs.Machine();
        var now = new Option<bool>("--now")
        {
            Description = "Delete at once, without the grace period. Nothing brings it back.",
        };
        var cancel = new Option<bool>("--cancel")
        {
            Description = "Keep a machine that was marked and is not deleted yet.",
        };
        var command = new Command(
            "purge", "Delete a machine and all its versions, once the grace period is over.")
        {
            machine, now, cancel,
        };
        var plan = new PlanChoice();
        plan.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(now) && result.GetValue(cancel))
                result.AddError("purge: expected --now or --cancel, not both.");
        });
        return shell.Bind(
            command,
            (parse, session, cancellation) => RunAsync(
                session,
                new PurgeInput(
                    parse.GetValue(machine)!, parse.GetValue(now), parse.GetValue(cancel)),
                plan.Read(parse), cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, PurgeInput input, PlanChoice plan,
        CancellationToken cancellation)
    {
        ObjectNames.CheckName("machine", input.Machine);
        using var engine = await session.OpenAsync(create: false, cancellation);
        if (plan.IsOnly)
            return await PlanChoice.ShowAsync(
                session, engine, PurgeNames.Purge, input, input.Machine, cancellation);
        await using var drive = await session.EnterAsync(engine, input.Machine, cancellation);
        var planned = await plan.PlanAsync(
            engine, PurgeNames.Purge, input, input.Machine, cancellation);
        var (result, job) = await session.ShowAsync(engine.Progress, () => engine.RunAsync(
            PurgeNames.Purge, input, input.Machine, planned, cancellation));
        var used = await engine.UsedAsync(job, cancellation);
        session.Write(
            new PurgeResultDocument(
                result.Machine, result.IsGone, result.Due, result.Objects, result.Bytes, job,
                CommandSession.Documents(drive), UsageDocument.Of(planned, engine.Prices),
                UsageDocument.Of(used, engine.Prices)),
            DocumentJson.Default.PurgeResultDocument,
            text => text.WriteLine(result switch
            {
                { IsGone: true } => $"{input.Machine} is gone: {result.Objects} objects, "
                    + $"{Amounts.Bytes(result.Bytes)} deleted",
                { Due: { } due } => $"{input.Machine} is marked: nothing changes it any more, and "
                    + $"the next purge or upkeep after {due:u} deletes it. 'purge {input.Machine} "
                    + "--cancel' keeps it",
                _ => $"{input.Machine} is kept",
            }));
        PlanChoice.Tell(session, engine, planned, used);
        return ExitCodes.Ok;
    }
}
