namespace SnapshotFunctions.Engine.Ports;

/// <summary>
/// A store over which work is only planned: what is written to it is kept in memory, and of the
/// bulk of the bytes no read is made but only counted. Whoever reads frames asks it first, and
/// goes on without bytes, and so without proofs of them: nothing that comes of it is ever stored.
/// </summary>
public interface IPlannedReads
{
    /// <summary>Counts the read that would be made.</summary>
    /// <exception cref="Model.ObjectNotFoundException">No such object.</exception>
    /// <exception cref="Model.ObjectArchivedException">Its bytes are archived.</exception>
    Task PlanReadAsync(
        string name, long offset, long lengthBytes, CancellationToken cancellation = default);
}
