using System.Text;
using Spectre.Console;

namespace SnapshotFunctions.Local.Rendering;

/// <summary>Where a command's results and words go.</summary>
/// <param name="Output">Results: text, one JSON document, or a disk's bytes.</param>
/// <param name="Error">Progress, notes and errors.</param>
public sealed record HostConsole(Stream Output, TextWriter Error)
{
    private const int PlainWidth = 200;

    /// <summary>Whether results are read by a person at a terminal.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Whether progress is seen by a person at a terminal.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether colors are wanted where there is a terminal.</summary>
    public bool WantsColor { get; init; }

    /// <summary>The terminal's width in characters; 0 when not known.</summary>
    public int Width { get; init; }

    /// <summary>This process's own console.</summary>
    public static HostConsole OfProcess() => new(Console.OpenStandardOutput(), Console.Error)
    {
        OutputIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected,
        // https://no-color.org, and terminals that say of themselves that they know nothing.
        WantsColor = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") is not "dumb",
        Width = Console.IsOutputRedirected ? 0 : Console.WindowWidth,
    };

    /// <summary>A writer of text to <see cref="Output"/>, to be flushed.</summary>
    public TextWriter OpenText() =>
        new StreamWriter(Output, new UTF8Encoding(false), leaveOpen: true) { AutoFlush = true };

    /// <summary>Draws on a writer as its terminal allows.</summary>
    internal IAnsiConsole Draw(TextWriter writer, bool isTerminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal && WantsColor ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal && WantsColor
                ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = isTerminal && Width > 0 ? Width : PlainWidth;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
