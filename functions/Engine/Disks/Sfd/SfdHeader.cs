using System.Buffers.Binary;
using System.Text;

namespace SnapshotFunctions.Engine.Disks.Sfd;

/// <summary>What a changed-block file says before its bytes; docs/format-sfd.md has the layout.</summary>
/// <param name="SizeBytes">The disk's size.</param>
/// <param name="ParentKind">How the parent is named.</param>
/// <param name="Parent">The parent, in the words of its kind; empty where it says nothing.</param>
/// <param name="Id">The file's own identifier; empty where it has none.</param>
public sealed record SfdHeader(
    long SizeBytes, SfdParentKind ParentKind, string Parent, string Id)
{
    /// <summary>The longest name of a parent, and the longest identifier, in bytes.</summary>
    public const int MostTextBytes = 200;

    /// <summary>The header's bytes before its two texts.</summary>
    internal const int FixedBytes = 24;

    /// <summary>The unit of all ranges, but for the disk's end.</summary>
    internal const int SectorBytes = 512;

    /// <summary>How a file begins. Text transfer would change its last two bytes.</summary>
    internal static ReadOnlySpan<byte> Mark => "SFsfd1\r\n"u8;

    /// <summary>How a file's trailer is marked.</summary>
    internal static ReadOnlySpan<byte> EndMark => "SFsfdend"u8;

    /// <summary>The bytes that a file begins with.</summary>
    /// <exception cref="ArgumentException">A text is too long.</exception>
    internal byte[] ToBytes()
    {
        var (parent, id) = (Encoding.UTF8.GetBytes(Parent), Encoding.UTF8.GetBytes(Id));
        if (parent.Length > MostTextBytes || id.Length > MostTextBytes)
            throw new ArgumentException($"A name of more than {MostTextBytes} bytes.");
        var bytes = new byte[FixedBytes + parent.Length + id.Length];
        Mark.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), SizeBytes);
        bytes[16] = (byte)ParentKind;
        bytes[17] = (byte)parent.Length;
        bytes[18] = (byte)id.Length;
        parent.CopyTo(bytes.AsSpan(FixedBytes));
        id.CopyTo(bytes.AsSpan(FixedBytes + parent.Length));
        return bytes;
    }
}
