namespace SnapshotFunctions.Engine.Steps.Writing;

/// <summary>Tells how long the frame of some sectors may become, from what a plan packed.</summary>
internal delegate EncodedFrame PlannedEncoding(ReadOnlySpan<byte> raw);
