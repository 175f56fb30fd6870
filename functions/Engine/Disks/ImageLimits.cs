namespace SnapshotFunctions.Engine.Disks;

/// <summary>What is taken from an image file at most, whatever it says.</summary>
public static class ImageLimits
{
    /// <summary>The largest virtual disk: 64 TiB.</summary>
    public const long DiskBytes = 64L << 40;

    /// <summary>
    /// Unpacked bytes per byte of the file. Deflate reaches 1,032 and zstd about 3,400 on 64 KiB
    /// clusters of one repeated byte, so a sound image of the usual cluster size stays below.
    /// </summary>
    public const long UnpackedPerFileByte = 4096;

    /// <summary>Unpacked bytes that even the smallest file may ask for.</summary>
    public const long UnpackedSlackBytes = 64L << 20;
}
