using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;

namespace SnapshotFunctions.Local.Commands;

/// <summary>Says an error to people: its own words, then what to do.</summary>
internal static class ErrorText
{
    /// <summary>The error as one line or two.</summary>
    public static ErrorBody Of(Exception error)
    {
        var exit = ExitCodes.Of(error);
        var code = error is SnapshotException known ? known.Code : exit switch
        {
            ExitCodes.Interrupted => "interrupted",
            ExitCodes.NotFound => "not-found",
            _ => "unexpected",
        };
        var words = exit == ExitCodes.Interrupted && error is not ReadInterruptedException
            ? "Interrupted. What was begun is written down, and the next command that changes this "
                + "machine ends it first."
            : error.Message;
        return new ErrorBody(code, Joined(words, AdviceFor(exit)), exit);
    }

    private static string AdviceFor(int exit) => exit switch
    {
        ExitCodes.Busy =>
            "Try again when the other command has ended, or wait for it with --wait.",
        ExitCodes.Damaged =>
            "Nothing more was changed. 'verify --full' tells what is damaged; versions that do not "
            + "need it can still be restored.",
        ExitCodes.Unreachable =>
            "Check that the store is there, that it may be written to and has space. What was begun "
            + "goes on with the next command that changes this machine.",
        ExitCodes.Unexpected => "Set SNAPSHOTS_TRACE=1 to see where it arose.",
        _ => string.Empty,
    };

    private static string Joined(string words, string advice) =>
        advice.Length == 0 ? words : $"{words} {advice}";
}
