namespace SnapshotFunctions.TestShared.Stores;

/// <summary>
/// The simulated process ended at this operation. No <c>StoreException</c>, so that no product
/// code takes it for an answer of the store.
/// </summary>
public sealed class SimulatedCrashException(string message) : Exception(message);
