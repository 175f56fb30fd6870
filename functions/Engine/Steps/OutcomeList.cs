using System.Buffers.Binary;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps;

/// <summary>
/// The outcomes of a chunk of shards as one short text, so that a flow carries 64 of them in five
/// kilobytes: 57 bytes each, in base 64.
/// </summary>
public static class OutcomeList
{
    private const int EntryBytes = 25 + Hash256.Size;

    /// <summary>Writes outcomes as text.</summary>
    public static string Pack(IReadOnlyList<ShardOutcome> outcomes)
    {
        var bytes = new byte[outcomes.Count * EntryBytes];
        var at = bytes.AsSpan();
        foreach (var outcome in outcomes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(at, outcome.Shard);
            BinaryPrimitives.WriteInt32LittleEndian(at[4..], outcome.Version);
            at[8] = outcome.Changed ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteInt64LittleEndian(at[9..], outcome.ChangedBytes);
            BinaryPrimitives.WriteInt64LittleEndian(at[17..], outcome.StoredBytes);
            outcome.Node.CopyTo(at[25..]);
            at = at[EntryBytes..];
        }
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Reads outcomes from text.</summary>
    /// <exception cref="FormatException">It is no such text.</exception>
    public static IReadOnlyList<ShardOutcome> Unpack(string text)
    {
        var bytes = Convert.FromBase64String(text);
        if (bytes.Length % EntryBytes != 0)
            throw new FormatException($"{bytes.Length} bytes are no whole outcomes.");
        var outcomes = new ShardOutcome[bytes.Length / EntryBytes];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var at = bytes.AsSpan(i * EntryBytes);
            outcomes[i] = new ShardOutcome(
                BinaryPrimitives.ReadInt32LittleEndian(at), at[8] != 0, new Hash256(at[25..]),
                BinaryPrimitives.ReadInt64LittleEndian(at[9..]),
                BinaryPrimitives.ReadInt64LittleEndian(at[17..]),
                BinaryPrimitives.ReadInt32LittleEndian(at[4..]));
        }
        return outcomes;
    }
}
