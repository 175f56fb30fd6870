using SnapshotFunctions.Engine.Intake;

namespace SnapshotFunctions.Local.Serving;

/// <summary>An upload as a folder of this machine.</summary>
internal static class UploadFolder
{
    /// <summary>Says which job takes the upload in; hidden, so that it is no file of the upload.</summary>
    public const string MarkName = ".taking.json";

    /// <summary>The path of a file in it.</summary>
    public static string FileAt(this Upload upload, string name) => Path.Combine(upload.Path, name);

    /// <summary>Removes what is left of an upload's folder.</summary>
    public static void Remove(Upload upload)
    {
        File.Delete(upload.FileAt(MarkName));
        try
        {
            Directory.Delete(upload.Path);
        }
        catch (IOException)
        {
            // Something has been put there meanwhile: another upload, which is looked at next.
        }
    }
}
