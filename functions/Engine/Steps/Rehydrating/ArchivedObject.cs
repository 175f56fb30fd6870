namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>An object that cannot be read before it is rehydrated.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LengthBytes">Its length.</param>
public sealed record ArchivedObject(string Name, long LengthBytes);
