using SnapshotFunctions.Engine.Format;

namespace SnapshotFunctions.Engine.Views;

/// <summary>Where a frame lies and how it is stored.</summary>
/// <param name="Object">The object that holds it.</param>
/// <param name="Offset">Its first byte in the object.</param>
/// <param name="StoredBytes">Its stored length.</param>
/// <param name="RawBytes">Its length once decoded.</param>
/// <param name="Codec">How it is stored.</param>
public readonly record struct FrameLocation(
    StoredObject Object, long Offset, int StoredBytes, int RawBytes, FrameCodec Codec);
