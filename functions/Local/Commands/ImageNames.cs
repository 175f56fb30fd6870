namespace SnapshotFunctions.Local.Commands;

/// <summary>What a file's name says of the image in it.</summary>
internal static class ImageNames
{
    /// <summary>
    /// The format that a file must have by its name; null when it goes by its content. A file that
    /// is named raw is taken as raw: its first bytes are the guest's to write.
    /// </summary>
    public static string? FormatOf(string path) =>
        Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".RAW" => "raw",
            ".QCOW2" => "qcow2",
            ".VHD" => "vhd",
            ".VHDX" => "vhdx",
            ".VMDK" => "vmdk",
            ".SFD" => "sfd",
            _ => null,
        };
}
