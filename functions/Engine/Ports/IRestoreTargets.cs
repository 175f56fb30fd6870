using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Ports;

/// <summary>
/// Where disks are restored to, by the text that names a target in a flow's input. The steps of a
/// restore open the same target one after the other or side by side, in any process that reaches
/// it; they know it by the identity that its preparation gave it.
/// </summary>
public interface IRestoreTargets
{
    /// <summary>
    /// Makes a target ready, durably, and answers its identity. A new one stays out of sight until
    /// it is completed; what an earlier restore has left of it is replaced, and that restore's
    /// later calls are refused as <c>replaced</c>.
    /// </summary>
    /// <exception cref="RestoreTargetException">
    /// <c>exists</c>: it is there and must not be; <c>missing</c>: it, or its folder, is not there;
    /// <c>length</c>: it cannot hold the version that it is trusted to hold; <c>denied</c>,
    /// <c>full</c>.
    /// </exception>
    ValueTask<string> PrepareAsync(
        RestoreTargetRequest request, CancellationToken cancellation = default);

    /// <summary>Opens a target that was prepared.</summary>
    /// <exception cref="RestoreTargetException"><c>replaced</c>: it is another one now.</exception>
    ValueTask<IRestoreTarget> OpenAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation = default);

    /// <summary>
    /// Checks the target's length, makes it durable and puts it under its name. May be repeated.
    /// </summary>
    /// <exception cref="RestoreTargetException">
    /// <c>replaced</c>; <c>length</c>; <c>exists</c>: somebody has made one meanwhile.
    /// </exception>
    ValueTask CompleteAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation = default);

    /// <summary>
    /// Removes what was made of a new target. One that is written onto, that is complete, or that
    /// another restore has replaced, stays. May be repeated.
    /// </summary>
    ValueTask AbandonAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation = default);
}
