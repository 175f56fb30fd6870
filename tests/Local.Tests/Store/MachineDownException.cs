namespace SnapshotFunctions.LocalTests.Store;

/// <summary>The machine under the faulty file layer ended here; no error that a store handles.</summary>
internal sealed class MachineDownException(string when) : Exception($"The machine ended {when}.");
