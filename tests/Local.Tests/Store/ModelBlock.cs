namespace SnapshotFunctions.LocalTests.Store;

/// <summary>One block's id and bytes; the same instance as long as the object keeps it.</summary>
internal sealed class ModelBlock(string id, byte[] content)
{
    public string Id { get; } = id;

    public byte[] Content { get; } = content;
}
