namespace SnapshotFunctions.Engine.Steps.Tiering;

/// <summary>One pack that is to be written.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Operation">The operation, which lists its members.</param>
/// <param name="Number">Its number among that operation's packs.</param>
/// <param name="Epoch">The turn's epoch.</param>
public sealed record WritePackInput(string Machine, long Operation, int Number, long Epoch);
