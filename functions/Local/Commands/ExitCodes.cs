using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Runner;

namespace SnapshotFunctions.Local.Commands;

/// <summary>What a command's exit code says; README has the table.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>An error that was not foreseen.</summary>
    public const int Unexpected = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Refused: a bad image, or something that cannot be done as asked.</summary>
    public const int Refused = 3;

    /// <summary>There is no such machine, version, disk, file or store.</summary>
    public const int NotFound = 4;

    /// <summary>Somebody else is at work on the machine.</summary>
    public const int Busy = 5;

    /// <summary>Stored data is damaged.</summary>
    public const int Damaged = 6;

    /// <summary>Stopped by the user; what was begun goes on with the next command.</summary>
    public const int Interrupted = 7;

    /// <summary>The store cannot be reached, or refuses.</summary>
    public const int Unreachable = 8;

    /// <summary>The exit code of an error.</summary>
    public static int Of(Exception error) => error switch
    {
        SnapshotException known => OfCode(known.Code),
        OperationCanceledException or JobCancelledException => Interrupted,
        FileNotFoundException or DirectoryNotFoundException => NotFound,
        _ => Unexpected,
    };

    /// <summary>The exit code of an error's code, also of one that came through a journal.</summary>
    public static int OfCode(string code) => code switch
    {
        "not-found" => NotFound,
        "turn-taken" or "turn-lost" or "superseded" or "overtaken" => Busy,
        // What a manifest lists and is not there is lost, not misspelt.
        "corrupt-object" or "proof-failed" or "object-not-found" => Damaged,
        "store-busy" or "store-refused" => Unreachable,
        "object-archived" => Refused,
        "canceled" or "job-cancelled" => Interrupted,
        _ when code.StartsWith("image-", StringComparison.Ordinal) => Refused,
        _ when code.StartsWith("refused-", StringComparison.Ordinal) => Refused,
        _ => Unexpected,
    };
}
