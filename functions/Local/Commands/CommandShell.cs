using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Local.Rendering;

namespace SnapshotFunctions.Local.Commands;

/// <summary>What all commands share: options, sessions, and how their errors end.</summary>
internal sealed class CommandShell(HostConsole console, TimeProvider time)
{
    /// <summary>The store.</summary>
    public Option<string?> Store { get; } = new("--store", "-s")
    {
        Description = "The store: a folder, file:BASE,DELTA, the URL of an Azure storage account, or "
            + "a connection string. Default: SNAPSHOTS_STORE, else a folder in your data directory.",
        HelpName = "STORE",
        Recursive = true,
    };

    /// <summary>One JSON document instead of text.</summary>
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Write one JSON document instead of text.",
        Recursive = true,
    };

    /// <summary>A price table in place of the built-in one.</summary>
    public Option<string?> Prices { get; } = new("--prices")
    {
        Description = $"A JSON file of prices for plans and costs. Default: {PriceFile.Variable}, "
            + "else the table that comes with the program; 'prices' shows it.",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>What was billed, behind the results.</summary>
    public Option<bool> Verbose { get; } = new("--verbose")
    {
        Description = "Also tell what the work has used of the store, and its price.",
        Recursive = true,
    };

    /// <summary>How long to wait for others.</summary>
    public Option<string> Wait { get; } = WaitOption();

    /// <summary>Makes a command run its action in a session.</summary>
    public Command Bind(
        Command command,
        Func<ParseResult, CommandSession, CancellationToken, Task<int>> action)
    {
        command.SetAction((parse, cancellation) => RunAsync(
            parse.GetValue(Json),
            () => action(
                parse,
                new CommandSession(
                    console, parse.GetValue(Store), parse.GetValue(Json),
                    ParseWait(parse.GetValue(Wait)!)!.Value, time)
                {
                    PricesFile = parse.GetValue(Prices)
                        ?? Environment.GetEnvironmentVariable(PriceFile.Variable),
                    Verbose = parse.GetValue(Verbose),
                },
                cancellation)));
        return command;
    }

    /// <summary>Tells of an error as the user wants it, and returns its exit code.</summary>
    public int Fail(ErrorBody error, bool json)
    {
        if (json)
        {
            JsonSerializer.Serialize(
                console.Output, new ErrorDocument(error), DocumentJson.Default.ErrorDocument);
            console.Output.Write("\n"u8);
            console.Output.Flush();
        }
        console.Error.WriteLine(error.Message);
        return error.ExitCode;
    }

    private async Task<int> RunAsync(bool json, Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
#pragma warning disable CA1031 // The end of the line: every error becomes words and an exit code.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (CommandSession.Tracing) await console.Error.WriteLineAsync(error.ToString());
            return Fail(ErrorText.Of(error), json);
        }
    }

    private static Option<string> WaitOption()
    {
        var option = new Option<string>("--wait")
        {
            Description = "How long to wait while another command works on the machine: 30s, 10m, 2h.",
            HelpName = "TIME",
            DefaultValueFactory = _ => "10m",
            Recursive = true,
        };
        option.Validators.Add(result =>
        {
            if (ParseWait(result.GetValueOrDefault<string>()) is null)
                result.AddError("--wait: expected a number and s, m or h, such as 30s or 10m.");
        });
        return option;
    }

    private static TimeSpan? ParseWait(string? text)
    {
        if (text is "0") return TimeSpan.Zero;
        if (text is not { Length: >= 2 and <= 8 }
            || !int.TryParse(
                text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture,
                out var number)) return null;
        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            _ => null,
        };
    }
}
