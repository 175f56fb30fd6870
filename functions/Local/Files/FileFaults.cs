using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Files;

/// <summary>The one place where errors of the file system become those of a restore's target.</summary>
internal static class FileFaults
{
    // Of Unix: no space left, quota exceeded, file too large, read-only file system.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int QuotaExceededOnMac = 69;
    private const int TooLarge = 27;
    private const int ReadOnly = 30;

    /// <summary>The codes of Windows for a full disk.</summary>
    private const int DiskFull = unchecked((int)0x80070070);
    private const int HandleDiskFull = unchecked((int)0x80070027);

    /// <summary>The error that it is to a restore; null where it stays what it is.</summary>
    public static RestoreTargetException? Translate(Exception error, string target) => error switch
    {
        IOException { HResult: NoSpace or QuotaExceeded or DiskFull or HandleDiskFull } =>
            Full(error, target),
        IOException { HResult: QuotaExceededOnMac } when OperatingSystem.IsMacOS() =>
            Full(error, target),
        IOException { HResult: TooLarge } => NoSuchLength(error, target),
        // The runtime takes a length beyond the file system's for its caller's mistake.
        ArgumentOutOfRangeException { ParamName: "value" } => NoSuchLength(error, target),
        IOException { HResult: ReadOnly } => new RestoreTargetException(
            "denied", target, "Its file system can only be read.", error),
        DirectoryNotFoundException => new RestoreTargetException(
            "missing", target, "Its folder is not there; make it first.", error),
        FileNotFoundException => new RestoreTargetException(
            "missing", target, "There is no such file.", error),
        UnauthorizedAccessException => new RestoreTargetException(
            "denied", target, "It is a folder, or this user may not write it.", error),
        _ => null,
    };

    /// <summary>Runs something on a file, and translates what it throws.</summary>
    public static T Run<T>(string target, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (Translate(error, target) is not null)
        {
            throw Translate(error, target)!;
        }
    }

    private static RestoreTargetException NoSuchLength(Exception error, string target) => new(
        "full", target, "Its file system holds no file of that length.", error);

    private static RestoreTargetException Full(Exception error, string target) => new(
        "full", target, "Its disk is full. Make room and restore again.", error);
}
