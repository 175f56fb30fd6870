using SnapshotFunctions.Local.Mounting.Overlays;
using SnapshotFunctions.Local.Store;
using Xunit;

namespace SnapshotFunctions.LocalTests.Mounting;

/// <summary>
/// What an overlay may show: of each sector the content that was flushed last, or any that was
/// written since, always whole.
/// </summary>
internal sealed class OverlayModel
{
    public const int Sector = OverlaySizes.SectorBytes;

    private readonly List<byte[]>[] _candidates;
    private readonly byte[] _below;

    public OverlayModel(int sizeBytes, int seed)
    {
        SizeBytes = sizeBytes;
        _below = new byte[sizeBytes];
        new Random(seed).NextBytes(_below);
        _candidates = new List<byte[]>[(sizeBytes + Sector - 1) / Sector];
        for (var i = 0; i < _candidates.Length; i++)
        {
            var content = new byte[Sector];
            _below.AsSpan(i * Sector, Math.Min(Sector, sizeBytes - (i * Sector))).CopyTo(content);
            _candidates[i] = [content];
        }
    }

    public int SizeBytes { get; }

    /// <summary>Small bounds, so that all of them are met.</summary>
    public static OverlaySizes Sizes { get; } = new()
    {
        MostRecords = 300, MostDirtyPages = 2, MostCleanPages = 1, MostFreeSlots = 8,
    };

    public OverlayDisk Open(IFileLayer files, string folder) =>
        OverlayDisk.Open(files, folder, SizeBytes, ReadBelow, Sizes);

    /// <summary>One random change, noted before it is tried.</summary>
    public async Task StepAsync(OverlayDisk disk, Random random)
    {
        var offset = random.Next(SizeBytes);
        switch (random.Next(10))
        {
            case 0 or 1:
                await disk.FlushAsync(default);
                Flushed();
                return;
            case 2:
                await TrimAsync(disk, offset, random.Next(1, SizeBytes - offset + 1));
                return;
            case 3:
                await ZeroAsync(
                    disk, offset, random.Next(1, Math.Min(9 * Sector, SizeBytes - offset) + 1),
                    random.Next(2) == 0);
                return;
            case 4 or 5:
                await WriteAsync(disk, offset, random.Next(1, 700), random);
                return;
            default:
                await WriteAsync(
                    disk, offset / Sector * Sector, random.Next(1, 5) * Sector, random);
                return;
        }
    }

    public async Task WriteAsync(OverlayDisk disk, int offset, int length, Random random)
    {
        var content = new byte[Math.Min(length, SizeBytes - offset)];
        random.NextBytes(content);
        Lay(offset, content);
        await disk.WriteAsync(offset, content, default);
    }

    public async Task ZeroAsync(OverlayDisk disk, int offset, int length, bool isStored)
    {
        Lay(offset, new byte[length]);
        await disk.ZeroAsync(new(offset, offset + length), isStored, default);
    }

    public async Task TrimAsync(OverlayDisk disk, int offset, int length)
    {
        var first = (offset + Sector - 1) / Sector;
        var end = offset + length == SizeBytes ? _candidates.Length : (offset + length) / Sector;
        for (var i = first; i < end; i++) _candidates[i].Add(new byte[Sector]);
        await disk.TrimAsync(new(offset, offset + length), default);
    }

    public void Flushed()
    {
        foreach (var sector in _candidates) sector.RemoveRange(0, sector.Count - 1);
    }

    /// <summary>What it shows without a crash: the last of each.</summary>
    public async Task CheckLastAsync(OverlayDisk disk, string because)
    {
        var found = await ReadAllAsync(disk);
        for (var i = 0; i < _candidates.Length; i++)
            Assert.True(
                SectorOf(found, i).SequenceEqual(_candidates[i][^1].AsSpan(0, SectorOf(found, i).Length)),
                $"{because}: sector {i} is not what was written last");
    }

    /// <summary>What it shows after a crash; from then on that is what it must show.</summary>
    public async Task CheckAsync(OverlayDisk disk, string because)
    {
        var found = await ReadAllAsync(disk);
        for (var i = 0; i < _candidates.Length; i++)
        {
            var sector = SectorOf(found, i).ToArray();
            var which = _candidates[i].FindLastIndex(
                c => c.AsSpan(0, sector.Length).SequenceEqual(sector));
            Assert.True(
                which >= 0,
                $"{because}: sector {i} is none of the {_candidates[i].Count} that it may be");
            _candidates[i] = [_candidates[i][which]];
        }
    }

    private async Task<byte[]> ReadAllAsync(OverlayDisk disk)
    {
        var found = new byte[SizeBytes];
        await disk.ReadAsync(0, found, default);
        return found;
    }

    private static Span<byte> SectorOf(byte[] disk, int sector) =>
        disk.AsSpan(sector * Sector, Math.Min(Sector, disk.Length - (sector * Sector)));

    private void Lay(int offset, byte[] content)
    {
        for (var done = 0; done < content.Length;)
        {
            var (sector, skip) = ((offset + done) / Sector, (offset + done) % Sector);
            var count = Math.Min(Sector - skip, content.Length - done);
            // A crash may have left any of them under a part of a sector: each gives a candidate.
            byte[] next = [.. _candidates[sector][^1]];
            content.AsSpan(done, count).CopyTo(next.AsSpan(skip));
            _candidates[sector].Add(next);
            done += count;
        }
    }

    private ValueTask ReadBelow(long offset, Memory<byte> destination, CancellationToken cancellation)
    {
        var count = (int)Math.Clamp(SizeBytes - offset, 0, destination.Length);
        _below.AsSpan((int)Math.Min(offset, SizeBytes), count).CopyTo(destination.Span);
        destination.Span[count..].Clear();
        return ValueTask.CompletedTask;
    }
}
