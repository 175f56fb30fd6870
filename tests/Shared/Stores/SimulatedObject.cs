using System.Security.Cryptography;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.TestShared.Stores;

/// <summary>One state of one object; never changed, so that copies of a store are cheap.</summary>
internal sealed record SimulatedObject(
    ObjectProperties Properties, SimulatedBlock[] Blocks, bool IsPut, DateTimeOffset OnlineAt)
{
    private readonly long[] _starts = StartsOf(Blocks);

    internal static SimulatedObject Of(
        ObjectProperties properties, SimulatedBlock[] blocks, bool isPut) =>
        new(properties with { LengthBytes = blocks.Sum(block => (long)block.Content.Length) },
            blocks, isPut, DateTimeOffset.MinValue);

    /// <summary>This object at a moment: a rehydration that is over has happened.</summary>
    internal SimulatedObject At(DateTimeOffset now) =>
        Properties.RehydratingTo is { } tier && now >= OnlineAt
            ? this with
            {
                Properties = Properties with
                {
                    Tier = tier, RehydratingTo = null, TierChanged = OnlineAt,
                },
            }
            : this;

    internal void Read(long offset, Span<byte> destination)
    {
        var index = Array.BinarySearch(_starts, offset);
        if (index < 0)
            index = ~index - 1;
        while (!destination.IsEmpty)
        {
            var from = Blocks[index].Content.AsSpan((int)(offset - _starts[index]));
            var count = Math.Min(from.Length, destination.Length);
            from[..count].CopyTo(destination);
            destination = destination[count..];
            offset += count;
            index++;
        }
    }

    /// <summary>The same object, ETag and all, with one byte turned round.</summary>
    internal SimulatedObject WithFlippedByte(long offset)
    {
        var index = Array.FindLastIndex(_starts, start => start <= offset);
        while (Blocks[index].Content.Length == 0)
            index--;
        var content = Blocks[index].Content.ToArray();
        content[offset - _starts[index]] ^= 0xFF;
        var blocks = Blocks.ToArray();
        blocks[index] = blocks[index] with { Content = content };
        return this with { Blocks = blocks };
    }

    internal ObjectFingerprint Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var block in Blocks)
            hash.AppendData(block.Content);
        var metadata = Properties.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Key}={pair.Value}");
        return new ObjectFingerprint(
            Properties.Name, Properties.LengthBytes, Properties.Tier, string.Join('\n', metadata),
            Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static long[] StartsOf(SimulatedBlock[] blocks)
    {
        var starts = new long[blocks.Length];
        for (var index = 1; index < blocks.Length; index++)
            starts[index] = starts[index - 1] + blocks[index - 1].Content.Length;
        return starts;
    }
}
