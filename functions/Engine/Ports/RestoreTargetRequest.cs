namespace SnapshotFunctions.Engine.Ports;

/// <summary>A target to write to.</summary>
/// <param name="Target">Its name, as the host understands it: a path.</param>
/// <param name="Mode">What may be done to it.</param>
/// <param name="LengthBytes">The length it gets at once; 0 for one that is only appended to.</param>
/// <param name="KnownLengthBytes">
/// The length that it must have if it is to be trusted to hold a version: this one, or already the
/// one it gets; null where its content is read.
/// </param>
public sealed record RestoreTargetRequest(
    string Target, RestoreMode Mode, long LengthBytes, long? KnownLengthBytes = null);
