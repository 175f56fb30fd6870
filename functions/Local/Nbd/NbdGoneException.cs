namespace SnapshotFunctions.Local.Nbd;

/// <summary>A client went away, broke the protocol, or was too slow: its session ends.</summary>
internal sealed class NbdGoneException(string why, Exception? inner = null)
    : Exception(why, inner);
