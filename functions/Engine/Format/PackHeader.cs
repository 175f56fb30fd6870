using System.Text;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>
/// What a pack begins with: whose it is and which deltas lie in it, so that it names itself like
/// every other object. Readers go by the deltas' own indexes; this serves who finds it alone.
/// </summary>
/// <param name="Machine">The machine.</param>
/// <param name="Operation">The operation that wrote it.</param>
/// <param name="Number">Which of that operation's packs it is, from 1.</param>
/// <param name="Members">The deltas, one right behind the other, the first behind this.</param>
public sealed record PackHeader(
    string Machine, long Operation, int Number, IReadOnlyList<PackMember> Members)
{
    /// <summary>The format version that this code writes and reads.</summary>
    public const int FormatVersion = 1;

    /// <summary>Bytes that tell the whole header's length.</summary>
    public const int LeadBytes = 32;

    /// <summary>More than a header of the most members comes to.</summary>
    public const int MostBytes = 4 << 20;

    private const int MostShard = 999_999;
    private const int LeastMemberBytes = 34;

    private static ReadOnlySpan<byte> Magic => "SFpack1\n"u8;

    private static ReadOnlySpan<byte> EndMark => "SFpend1\n"u8;

    /// <summary>Lays members out one behind the other, behind the header that names them.</summary>
    public static PackHeader Of(
        string machine, long operation, int number, IReadOnlyList<PackMember> members)
    {
        // The header's length does not depend on the offsets that it holds.
        var header = new PackHeader(machine, operation, number, members);
        var at = (long)header.Write().Length;
        var placed = new PackMember[members.Count];
        for (var i = 0; i < placed.Length; i++)
        {
            placed[i] = members[i] with { Offset = at };
            at = placed[i].End;
        }
        return header with { Members = placed };
    }

    /// <summary>The length of the whole pack.</summary>
    public long PackBytes => Members.Count == 0 ? 0 : Members[^1].End;

    /// <summary>The stored form.</summary>
    public byte[] Encode() => Write();

    /// <summary>How long the header is, from a pack's first bytes.</summary>
    /// <exception cref="CorruptObjectException">They begin no pack.</exception>
    public static int LengthFrom(ReadOnlySpan<byte> lead, string objectName)
    {
        var reader = new ByteReader(lead, objectName);
        ReadLead(ref reader, objectName, out var length);
        return length;
    }

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="CorruptObjectException">It is damaged.</exception>
    public static PackHeader Decode(ReadOnlySpan<byte> stored, string objectName)
    {
        var reader = ByteReader.Unseal(stored, EndMark, objectName);
        ReadLead(ref reader, objectName, out var length);
        if (length != stored.Length)
            throw new CorruptObjectException(
                objectName, $"a header of {stored.Length} bytes", $"one of {length}");
        var operation = reader.I64();
        var number = reader.I32();
        var machine = reader.ShortText();
        var members = new PackMember[reader.Count(LeastMemberBytes)];
        for (var i = 0; i < members.Length; i++)
            members[i] = new PackMember(
                reader.ShortText(), reader.I32(), reader.I32(), reader.I32(), reader.I64(),
                reader.I64(), reader.I32());
        reader.End();
        var header = new PackHeader(machine, operation, number, members);
        header.Check(stored.Length, objectName);
        return header;
    }

    private byte[] Write()
    {
        var length = LeadBytes + 12 + 1 + Machine.Length + 4 + ByteReader.SealBytes
            + Members.Sum(m => LeastMemberBytes - 1 + m.Disk.Length);
        var writer = new ByteWriter(length);
        writer.Bytes(Magic);
        writer.U16(FormatVersion);
        // The key's algorithm and id, as in every other header.
        writer.Bytes(new byte[18]);
        writer.I32(length);
        writer.I64(Operation);
        writer.I32(Number);
        writer.ShortText(Machine);
        writer.I32(Members.Count);
        foreach (var member in Members)
        {
            writer.ShortText(member.Disk);
            writer.I32(member.Shard);
            writer.I32(member.From);
            writer.I32(member.To);
            writer.I64(member.Offset);
            writer.I64(member.DataBytes);
            writer.I32(member.IndexBytes);
        }
        return writer.Seal(EndMark);
    }

    private static void ReadLead(ref ByteReader reader, string objectName, out int length)
    {
        var found = reader.Bytes(Magic.Length);
        if (!found.SequenceEqual(Magic))
            throw new CorruptObjectException(
                objectName, $"'{Encoding.ASCII.GetString(Magic)}'",
                $"'{Convert.ToHexStringLower(found)}'");
        var version = reader.U16();
        if (version != FormatVersion)
            throw new CorruptObjectException(
                objectName, $"format version {FormatVersion}", $"version {version}");
        reader.Reserved(18);
        length = reader.Within(reader.I32(), MostBytes);
    }

    private void Check(int headerBytes, string objectName)
    {
        if (!ObjectNames.IsName(Machine) || !ObjectHeader.IsOperation(Operation)
            || Number is < 1 or > DeltaPlace.MostPacks)
            throw new CorruptObjectException(
                objectName, "a machine, an operation and a number from 1",
                $"{Machine}, {Operation}, {Number}");
        var at = (long)headerBytes;
        foreach (var member in Members)
        {
            var fits = ObjectNames.IsName(member.Disk) && member.Shard is >= 0 and <= MostShard
                && ObjectHeader.IsVersion(member.From) && ObjectHeader.IsVersion(member.To)
                && member.From != member.To && member.Offset == at
                && member.DataBytes >= 0 && member.IndexBytes is > 0 and <= DeltaIndex.MostBytes
                && member.DataBytes <= long.MaxValue - at - member.IndexBytes;
            if (!fits)
                throw new CorruptObjectException(
                    objectName, $"a delta that begins at {at}", $"{member}");
            at = member.End;
        }
    }
}
