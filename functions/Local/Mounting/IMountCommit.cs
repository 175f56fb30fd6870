namespace SnapshotFunctions.Local.Mounting;

/// <summary>Makes a version of what was written to a mount.</summary>
internal interface IMountCommit
{
    /// <summary>
    /// Ingests a mount's overlays. May be called again after a crash: what it came to then is
    /// answered, and nothing is ingested twice. The mount is the caller's to remove.
    /// </summary>
    /// <param name="mount">The mount; nobody serves it.</param>
    /// <param name="cancellation">Ends the call; what was begun goes on with the next one.</param>
    /// <exception cref="Engine.Model.RefusedException">It cannot be committed this way.</exception>
    Task<MountCommitted> CommitAsync(MountFolder mount, CancellationToken cancellation);
}
