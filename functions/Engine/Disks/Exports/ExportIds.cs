using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks.Exports;

/// <summary>
/// Identifiers for images that are written. They follow from the disk's content and size alone, so
/// that one version's image has the same bytes whenever it is made, and an incremental that was
/// taken against it can be told to belong to that version.
/// </summary>
public static class ExportIds
{
    /// <summary>The identifier of a written VHD.</summary>
    public static Guid Vhd(Hash256 node, long sizeBytes) => Of("vhd", node, sizeBytes);

    /// <summary>The data identifier of a written VHDX: what a child remembers.</summary>
    public static Guid VhdxData(Hash256 node, long sizeBytes) =>
        Of("vhdx-data", node, sizeBytes);

    /// <summary>The file identifier of a written VHDX.</summary>
    public static Guid VhdxFile(Hash256 node, long sizeBytes) =>
        Of("vhdx-file", node, sizeBytes);

    /// <summary>The virtual disk's identifier in a written VHDX.</summary>
    public static Guid VhdxDisk(Hash256 node, long sizeBytes) =>
        Of("vhdx-disk", node, sizeBytes);

    /// <summary>
    /// The content identifier of a written VMDK: what a delta remembers of its parent. The two
    /// highest numbers have a meaning of their own.
    /// </summary>
    public static uint VmdkContent(Hash256 node, long sizeBytes)
    {
        var bytes = Of("vmdk", node, sizeBytes).ToByteArray(bigEndian: true);
        return Math.Min(BinaryPrimitives.ReadUInt32BigEndian(bytes), uint.MaxValue - 2);
    }

    /// <summary>Whether an identifier is that of an image of this disk, in any format.</summary>
    public static bool IsOf(string id, Hash256 node, long sizeBytes) =>
        Guid.TryParse(id, out var known)
            ? known == Vhd(node, sizeBytes) || known == VhdxData(node, sizeBytes)
            : uint.TryParse(
                id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var content)
                && content == VmdkContent(node, sizeBytes);

    private static Guid Of(string purpose, Hash256 node, long sizeBytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose} {sizeBytes} {node}"), hash);
        // The variant and version that stand for an identifier of the writer's own making.
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
