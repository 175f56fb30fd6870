namespace SnapshotFunctions.Engine.Model;

/// <summary>
/// What is to be restored to cannot be written as asked. Not tried again: a full disk does not
/// empty itself, and a file that is in the way is the user's to move.
/// </summary>
/// <param name="reason">
/// Stable word for what is wrong: <c>exists</c>, <c>missing</c>, <c>full</c>, <c>denied</c>,
/// <c>replaced</c>, <c>length</c>.
/// </param>
/// <param name="target">The target, as the user named it.</param>
/// <param name="message">What was expected, what was found, what to do.</param>
/// <param name="inner">The error below, if any.</param>
public sealed class RestoreTargetException(
    string reason, string target, string message, Exception? inner = null)
    : SnapshotException($"target-{reason}", $"{target}: {message}", inner)
{
    /// <summary>Stable word for what is wrong.</summary>
    public string Reason { get; } = reason;

    /// <summary>The target.</summary>
    public string Target { get; } = target;
}
