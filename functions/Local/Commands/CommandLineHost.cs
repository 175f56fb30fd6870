using System.CommandLine;
using System.CommandLine.Invocation;
using SnapshotFunctions.Local.Rendering;

namespace SnapshotFunctions.Local.Commands;

/// <summary>The command line: parses, runs, and answers with an exit code.</summary>
public static class CommandLineHost
{
    /// <summary>Runs one command line.</summary>
    /// <param name="arguments">The words after the program's name.</param>
    /// <param name="console">Where results and words go.</param>
    /// <param name="time">The clock; null for the real one.</param>
    /// <param name="cancellation">
    /// The user's wish to stop: what is done is kept, and the exit code says so.
    /// </param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, HostConsole console, TimeProvider? time = null,
        CancellationToken cancellation = default)
    {
        var shell = new CommandShell(console, time ?? TimeProvider.System);
        var parsed = Root(shell).Parse(arguments);
        if (parsed is { Action: ParseErrorAction })
        {
            var words = string.Join(' ', parsed.Errors.Select(e => e.Message).Distinct(StringComparer.Ordinal));
            var command = parsed.CommandResult.Command;
            var path = command is RootCommand ? string.Empty : $"{command.Name} ";
            return shell.Fail(
                new ErrorBody(
                    "usage", $"{words} 'snapshots {path}--help' shows how it is used.",
                    ExitCodes.Usage),
                parsed.GetValue(shell.Json));
        }
        await using var output = console.OpenText();
        return await parsed.InvokeAsync(
            new InvocationConfiguration
            {
                Output = output,
                Error = console.Error,
                EnableDefaultExceptionHandler = false,
                // Signals are the caller's: it hands them over as the token.
                ProcessTerminationTimeout = null,
            },
            cancellation);
    }

    /// <summary>All commands.</summary>
    internal static RootCommand Root(CommandShell shell)
    {
        var root = Plain(shell);
        foreach (var command in PinCommands.Create(shell)) root.Add(command);
        return root;
    }

    private static RootCommand Plain(CommandShell shell) => new(
        "Keeps every version of virtual machines' disks: the newest whole, the others as small "
        + "differences, and gives any of them back bit for bit.")
    {
        shell.Store,
        shell.Json,
        shell.Wait,
        shell.Prices,
        shell.Verbose,
        DemoCommand.Create(shell),
        IngestCommand.Create(shell),
        InspectCommand.Create(shell),
        ListCommand.Create(shell),
        ShowCommand.Create(shell),
        RestoreCommand.Create(shell),
        ReadCommand.Create(shell),
        FilesCommand.Create(shell),
        DiffCommand.Create(shell),
        ConsolidateCommand.Create(shell),
        CloneCommand.Create(shell),
        FlattenCommand.Create(shell),
        TreeCommand.Create(shell),
        TierCommand.Create(shell),
        UndoCommand.Create(shell),
        PolicyCommand.Create(shell),
        ExpireCommand.Create(shell),
        RetentionCommand.Create(shell),
        VerifyCommand.Create(shell),
        UpkeepCommand.Create(shell),
        PurgeCommand.Create(shell),
        RebuildCommand.Create(shell),
        CostCommand.Create(shell),
        PricesCommand.Create(shell),
        ServeCommand.Create(shell),
        MountCommand.Create(shell),
        MountsCommand.Create(shell),
    };
}
