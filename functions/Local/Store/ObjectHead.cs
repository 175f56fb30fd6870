#pragma warning disable MA0048 // The parts of a head are read together.
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Store;

/// <summary>A data file that stood when a head was written.</summary>
/// <param name="Id">Its name; never used again.</param>
/// <param name="StagedFrom">What was staged before this place is dropped.</param>
internal readonly record struct HeadFile(Guid Id, long StagedFrom);

/// <summary>Where one block of an object lies.</summary>
internal readonly record struct HeadBlock(string Id, int File, long Offset, int LengthBytes);

/// <summary>
/// What a head file says: the object's properties, and either its bytes or where they lie. A head
/// that says "deleted" stands for no object; it keeps what was staged before the delete from
/// coming back should a crash leave the data files.
/// </summary>
internal sealed class ObjectHead
{
    private long[]? _starts;

    /// <summary>Changes with every write of the head, unlike the ETag also with the tier.</summary>
    internal required Guid Revision { get; init; }

    internal required Guid State { get; init; }

    internal required string Name { get; init; }

    internal bool IsDeleted { get; init; }

    internal bool IsPut { get; init; }

    internal StorageTier Tier { get; init; }

    internal StorageTier? RehydratingTo { get; init; }

    internal DateTimeOffset OnlineAt { get; init; }

    internal required DateTimeOffset Modified { get; init; }

    internal long LengthBytes { get; init; }

    internal IReadOnlyDictionary<string, string> Metadata { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    internal HeadFile[] Files { get; init; } = [];

    internal HeadBlock[] Blocks { get; init; } = [];

    /// <summary>Where a small object's bytes begin in the head file itself.</summary>
    internal long InlineOffset { get; init; }

    /// <summary>Their length, or -1 when the bytes lie in data files.</summary>
    internal int InlineBytes { get; init; } = -1;

    internal string ETag => ETagOf(State);

    /// <summary>Where each block begins in the object.</summary>
    internal long[] Starts => _starts ??= StartsOf(Blocks);

    internal static string ETagOf(Guid state) => $"\"0x{state:N}\"";

    /// <summary>The tier at a moment: a rehydration that is over has happened.</summary>
    internal StorageTier TierAt(DateTimeOffset now) =>
        RehydratingTo is { } tier && now >= OnlineAt ? tier : Tier;

    internal bool RehydratesAt(DateTimeOffset now) => RehydratingTo is not null && now < OnlineAt;

    internal ObjectProperties PropertiesAt(DateTimeOffset now) => new(
        Name, LengthBytes, ETag, TierAt(now), RehydratesAt(now) ? RehydratingTo : null, Modified,
        Metadata);

    /// <summary>Before which place staged blocks of a data file no longer count.</summary>
    internal long StagedFrom(Guid file)
    {
        foreach (var known in Files)
        {
            if (known.Id == file)
                return known.StagedFrom;
        }

        return 0;
    }

    private static long[] StartsOf(HeadBlock[] blocks)
    {
        var starts = new long[blocks.Length];
        for (var index = 1; index < blocks.Length; index++)
            starts[index] = starts[index - 1] + blocks[index - 1].LengthBytes;
        return starts;
    }
}
