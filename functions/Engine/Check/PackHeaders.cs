using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Check;

/// <summary>Reads what a pack says of itself.</summary>
internal static class PackHeaders
{
    /// <summary>The header of a pack that is online.</summary>
    /// <exception cref="CorruptObjectException">It is damaged.</exception>
    public static async Task<PackHeader> ReadAsync(
        IObjectStore store, ObjectProperties pack, CancellationToken cancellation)
    {
        var lead = new byte[PackHeader.LeadBytes];
        RequireLength(pack, lead.Length);
        await store.ReadAsync(pack.Name, 0, lead, pack.ETag, cancellation);
        var bytes = new byte[PackHeader.LengthFrom(lead, pack.Name)];
        RequireLength(pack, bytes.Length);
        await store.ReadAsync(pack.Name, 0, bytes, pack.ETag, cancellation);
        return PackHeader.Decode(bytes, pack.Name);
    }

    private static void RequireLength(ObjectProperties pack, int lengthBytes)
    {
        if (pack.LengthBytes < lengthBytes)
            throw new CorruptObjectException(
                pack.Name, $"a header of {lengthBytes} bytes", $"{pack.LengthBytes} bytes");
    }
}
