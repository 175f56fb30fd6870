namespace SnapshotFunctions.Engine.Intake;

/// <summary>
/// What users have uploaded and nobody has taken in yet, as <c>{machine}/{snapshot}/{disk}.…</c>,
/// and where bad uploads are put.
/// </summary>
public interface IIncomingUploads
{
    /// <summary>Every upload that stands, whole or not.</summary>
    /// <param name="machine">Only those in this machine's folder; null for all.</param>
    /// <param name="cancellation">Ends the call.</param>
    IAsyncEnumerable<Upload> ListAsync(string? machine, CancellationToken cancellation = default);

    /// <summary>
    /// Puts an upload aside, with a <c>reason.json</c> that is written first. Putting the same
    /// state of it aside again goes on where the first run has stopped.
    /// </summary>
    /// <returns>Where it lies now, for people.</returns>
    Task<string> PutAsideAsync(
        Upload upload, QuarantineReason reason, CancellationToken cancellation = default);

    /// <summary>
    /// Whether anything of a machine was put aside after a time: then what came since may build on
    /// what was not taken.
    /// </summary>
    Task<bool> HasPutAsideSinceAsync(
        string machine, DateTimeOffset since, CancellationToken cancellation = default);

    /// <summary>
    /// Removes an upload's files, where each still is in the state that is told of it; what was
    /// uploaded since stays. May be repeated.
    /// </summary>
    Task RemoveAsync(Upload upload, CancellationToken cancellation = default);
}
