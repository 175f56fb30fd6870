using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.Local.Serving.Uploading;

/// <summary>Says what an upload was completed with, and which job takes it in.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Closing">What it was completed with.</param>
/// <param name="Completed">When.</param>
internal sealed record UploadReceipt(string Job, UploadClosing Closing, DateTimeOffset Completed);
