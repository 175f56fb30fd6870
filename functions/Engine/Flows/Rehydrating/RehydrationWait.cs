using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Steps.Rehydrating;

namespace SnapshotFunctions.Engine.Flows.Rehydrating;

/// <summary>
/// Asks for archived objects and waits until they can be read. Events make it look sooner, the
/// timer makes up for those that are lost; one that comes early, twice, or about something else
/// costs at most a look.
/// </summary>
internal sealed class RehydrationWait(
    IFlowContext context, string machine, RehydrationMargins margins)
{
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>Asks for one part; what is beyond the hour's limit is asked for in the next.</summary>
    public async Task StartAsync(RehydrationTicket ticket, IReadOnlyList<ArchivedObject> part)
    {
        while (true)
        {
            ThrowIfCancelled();
            var started = await context.RunStepAsync(
                RehydrationSteps.Start, new StartRehydrationInput(machine, ticket, part));
            part = [.. part.Skip(started.Count)];
            if (part.Count == 0) return;
            context.Report(new FlowProgress(
                "waiting for the next hour of high priority", 0, 0, "objects"));
            await PauseAsync(
                started.NextAt ?? context.UtcNow + margins.LongestWait, waitedFor: null);
        }
    }

    /// <summary>
    /// Waits for one part after the other: most of the others are back by the time they are
    /// looked at.
    /// </summary>
    public async Task EndAsync(
        RehydrationTicket ticket, IReadOnlyList<IReadOnlyList<ArchivedObject>> parts)
    {
        var total = parts.Sum(p => p.Count);
        var done = 0;
        var wait = margins.FirstWait;
        foreach (var part in parts)
        {
            var targets = part.Select(o => RehydrationWays.TargetOf(
                ticket.Way, machine, ticket.Operation, o.Name)).ToHashSet(StringComparer.Ordinal);
            while (true)
            {
                ThrowIfCancelled();
                _told.ExceptWith(targets);
                var state = await context.RunStepAsync(
                    RehydrationSteps.Check,
                    new CheckRehydrationInput(machine, ticket, [.. part.Select(o => o.Name)]));
                context.Report(new FlowProgress(
                    "rehydrating", done + part.Count - state.Archived, total, "objects"));
                if (state.Archived == 0) break;
                if (state.Lost > 0) await StartAsync(ticket, part);
                await PauseAsync(context.UtcNow + wait, targets);
                wait = wait * 2 < margins.LongestWait ? wait * 2 : margins.LongestWait;
            }
            done += part.Count;
        }
    }

    /// <summary>Throws when the job was asked to end.</summary>
    public void ThrowIfCancelled()
    {
        if (context.IsCancelRequested)
            throw new OperationCanceledException("The rehydration was asked to end.");
    }

    /// <summary>Until a time, a wish to end, or the news of all that is waited for.</summary>
    private async Task PauseAsync(DateTimeOffset until, HashSet<string>? waitedFor)
    {
        while (!context.IsCancelRequested && waitedFor?.IsSubsetOf(_told) != true)
        {
            var news = await context.WaitForEventAsync(
                RehydratedNews.EventName, RehydrateNames.News, until);
            if (news is null) return;
            _told.Add(news.Name);
        }
    }
}
