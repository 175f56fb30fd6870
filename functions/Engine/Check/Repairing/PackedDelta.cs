using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Check.Repairing;

/// <summary>A delta in a pack that is looked at for a repair.</summary>
/// <param name="Member">How it lies there, by its index.</param>
/// <param name="Index">Its index.</param>
/// <param name="IndexBytes">The index's bytes.</param>
/// <param name="Frames">Makes its frames again.</param>
/// <param name="Repairs">Its shard's tally.</param>
/// <param name="Behind">The versions that need it.</param>
internal sealed record PackedDelta(
    PackMember Member, DeltaIndex Index, byte[] IndexBytes, FrameRepair Frames, Repairs Repairs,
    IReadOnlyList<VersionMark> Behind)
{
    /// <summary>Whether all of it is what it was.</summary>
    public bool IsSound { get; set; }

    /// <summary>Whether some of it is nowhere.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Looks at its bytes and at the copy of its index behind them.</summary>
    public async Task<bool> IsSoundAsync(
        IObjectStore store, ObjectProperties? pack, CancellationToken cancellation)
    {
        if (pack is null || pack.LengthBytes < Member.End) return false;
        var tail = new byte[Member.IndexBytes];
        await store.ReadAsync(
            pack.Name, Member.Offset + Member.DataBytes, tail, pack.ETag, cancellation);
        return tail.AsSpan().SequenceEqual(IndexBytes)
            && await Frames.IsSoundAsync(cancellation);
    }

    /// <summary>Tells what cannot be mended.</summary>
    public void Lose(string pack)
    {
        IsLost = true;
        if (Frames.Missing.Count > 0)
            Repairs.Lose(pack, Frames.Missing, "no other copy of these blocks", Behind);
        else
            Repairs.Lose(
                pack, "its frames cannot be encoded as they were: restore the versions that "
                + "can be read and ingest them anew", Behind);
    }
}
