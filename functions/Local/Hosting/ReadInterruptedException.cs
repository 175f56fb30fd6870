namespace SnapshotFunctions.Local.Hosting;

/// <summary>The user stopped a command that changes nothing stored; it is simply run again.</summary>
internal sealed class ReadInterruptedException(Exception inner) : OperationCanceledException(
    "Interrupted. Nothing stored was changed; run the command again to begin anew.", inner);
