using SnapshotFunctions.Engine.Disks.Blocks;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vmdk;

/// <summary>An extent, opened.</summary>
/// <param name="SizeBytes">How much of the disk it holds.</param>
/// <param name="Source">Its file; null for zeros.</param>
/// <param name="Header">Of a sparse one, its header.</param>
/// <param name="Reader">Reads it; null for zeros.</param>
/// <param name="Decoded">Of a compressed one, the grains that are kept.</param>
internal sealed record VmdkPart(
    long SizeBytes, IByteSource? Source, VmdkHeader? Header, BlockReader? Reader,
    DecodedClusters? Decoded)
{
    /// <summary>A part of the disk that is zeros.</summary>
    public static VmdkPart Zeros(long sizeBytes) => new(sizeBytes, null, null, null, null);

    /// <summary>A part that lies in a file as it is.</summary>
    public static VmdkPart Flat(
        long sizeBytes, long offsetBytes, IByteSource source, ImageFaults faults)
    {
        if (offsetBytes > source.LengthBytes - sizeBytes)
            throw faults.Truncated("a flat extent", offsetBytes, sizeBytes, source.LengthBytes);
        return new VmdkPart(
            sizeBytes, source, null,
            new BlockReader(
                source, new FlatMap(source, offsetBytes), sizeBytes,
                () => new ImageQuota(faults, source.LengthBytes, 0)),
            null);
    }

    /// <summary>A part of which only the grains lie in a file that were ever written.</summary>
    public static VmdkPart Sparse(
        VmdkHeader header, bool hasParent, IByteSource source, ImageFaults faults)
    {
        var decoded = header.IsCompressed ? new DecodedClusters(header.GrainBytes) : null;
        return new VmdkPart(
            header.SizeBytes, source, header,
            new BlockReader(
                source, new VmdkGrainMap(header, hasParent, source, faults), header.SizeBytes,
                () => new ImageQuota(faults, source.LengthBytes, header.GrainBytes),
                decoded is null
                    ? null : () => new VmdkGrainRead(source, header, decoded, faults)),
            decoded);
    }
}
