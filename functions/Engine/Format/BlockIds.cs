using System.Buffers.Binary;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>
/// Ids of blob blocks: kind, number and SHA-256 of the stored bytes, 37 bytes, so that one id can
/// only ever stand for one content and a late worker cannot swap other bytes in.
/// </summary>
public static class BlockIds
{
    /// <summary>The id of a segment of frames.</summary>
    public static string Segment(int number, Hash256 content) => Make((byte)'S', number, content);

    /// <summary>The id of an index page.</summary>
    public static string Page(int number, Hash256 content) => Make((byte)'P', number, content);

    /// <summary>The id of a base's table of shared frames.</summary>
    public static string Shared(Hash256 content) => Make((byte)'T', 0, content);

    /// <summary>The id of a base's footer.</summary>
    public static string Footer(Hash256 content) => Make((byte)'F', 0, content);

    /// <summary>The id of a part of a delta's data.</summary>
    public static string Part(int number, Hash256 content) => Make((byte)'D', number, content);

    private static string Make(byte kind, int number, Hash256 content)
    {
        Span<byte> id = stackalloc byte[5 + Hash256.Size];
        id[0] = kind;
        BinaryPrimitives.WriteInt32BigEndian(id[1..], number);
        content.CopyTo(id[5..]);
        return Convert.ToBase64String(id);
    }
}
