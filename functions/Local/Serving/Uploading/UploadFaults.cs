using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Problems;
using SnapshotFunctions.Local.Files;

namespace SnapshotFunctions.Local.Serving.Uploading;

/// <summary>The one place where errors of the file system become those of an upload.</summary>
internal static class UploadFaults
{
    /// <summary>The error that it is to an upload; null where it stays what it is.</summary>
    public static SnapshotException? Translate(Exception error, string what) =>
        FileFaults.Translate(error, what)?.Reason switch
        {
            "full" => new ApiProblemException(
                ProblemKinds.NoRoom, "upload-no-room",
                $"There is no room for '{what}': the disk that uploads are gathered on is full, or "
                + "takes no file of that length. What came before is kept; make room and go on."),
            "denied" => new StoreRefusedException(
                what, "the folder that uploads are gathered in cannot be written to", error),
            "missing" => new StoreBusyException(
                what, "the upload was taken away while it was worked on", inner: error),
            _ => null,
        };

    /// <summary>Runs something on files, and translates what it throws.</summary>
    public static T Run<T>(string what, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (Translate(error, what) is not null)
        {
            throw Translate(error, what)!;
        }
    }

    /// <summary>Runs something on files, and translates what it throws.</summary>
    public static void Run(string what, Action action) => Run(what, () =>
    {
        action();
        return true;
    });
}
