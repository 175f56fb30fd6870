namespace SnapshotFunctions.Engine.Disks.Vhdx;

/// <summary>The identifiers that VHDX gives its regions and metadata.</summary>
internal static class VhdxIds
{
    /// <summary>The region that holds the block allocation table.</summary>
    public static Guid Bat { get; } = new("2DC27766-F623-4200-9D64-115E9BFD4A08");

    /// <summary>The region that holds the metadata.</summary>
    public static Guid Metadata { get; } = new("8B7CA206-4790-4B9A-B8FE-575F050F886E");

    /// <summary>Block size and whether there is a parent.</summary>
    public static Guid FileParameters { get; } = new("CAA16737-FA36-4D43-B3B6-33F0AA44E76B");

    /// <summary>The virtual disk's size.</summary>
    public static Guid DiskSize { get; } = new("2FA54224-CD1B-4876-B211-5DBED83BF4B8");

    /// <summary>The virtual disk's identifier, as SCSI page 83 tells it.</summary>
    public static Guid DiskId { get; } = new("BECA12AB-B2E6-4523-93EF-C309E000C746");

    /// <summary>The logical sector size.</summary>
    public static Guid LogicalSector { get; } = new("8141BF1D-A96F-4709-BA47-F233A8FAAB5F");

    /// <summary>The physical sector size.</summary>
    public static Guid PhysicalSector { get; } = new("CDA348C7-445D-4471-9CC9-E9885251C556");

    /// <summary>What the file says of its parent.</summary>
    public static Guid ParentLocator { get; } = new("A8D35F2D-B30B-454D-ABF7-D3D84834AB0C");

    /// <summary>A parent locator that names another VHDX.</summary>
    public static Guid VhdxLocator { get; } = new("B04AEFB7-D19E-4A81-B789-25B8E9445913");
}
