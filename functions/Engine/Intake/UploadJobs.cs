using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Intake;

/// <summary>Which jobs the uploads that stand ask for; told again, the ids are the same.</summary>
public static class UploadJobs
{
    private const int MarkLength = 16;

    /// <summary>One job for each whole upload, in order of arrival.</summary>
    /// <param name="uploads">The uploads.</param>
    /// <param name="machine">Only those in this machine's folder; null for all.</param>
    /// <param name="cancellation">Ends the call.</param>
    public static async Task<IReadOnlyList<UploadJob>> FindAsync(
        IIncomingUploads uploads, string? machine, CancellationToken cancellation)
    {
        var standing = new List<Upload>();
        await foreach (var upload in uploads.ListAsync(machine, cancellation))
        {
            if (upload.IsWhole) standing.Add(upload);
        }
        return
        [
            .. standing
                .OrderBy(u => u.Arrived).ThenBy(u => u.Path, StringComparer.Ordinal)
                .Select(Job),
        ];
    }

    private static UploadJob Job(Upload upload)
    {
        // A folder can have any name before it is refused; a job's id cannot.
        var machine = ObjectNames.IsName(upload.Machine) ? upload.Machine : "unnamed";
        return new UploadJob(
            $"take-{machine}-{upload.Mark[..MarkLength]}",
            new TakeUploadInput(upload.Machine, upload.Path, upload.Mark, upload.Snapshot));
    }
}
