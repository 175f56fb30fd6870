using System.Globalization;
using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vmdk;

/// <summary>
/// A VMDK without its parent: sparse, compressed as a stream, or flat, in one file or in several
/// that a descriptor names.
/// </summary>
/// <remarks>
/// It owns its source and the files beside it. Of each extent tables are cached in at most 8 MiB,
/// unpacked grains in as much; a request that unpacks holds 4 MiB more while it runs.
/// </remarks>
public sealed class VmdkImage : IDiskImage
{
    private readonly IByteSource _source;
    private readonly VmdkDescriptor _descriptor;
    private readonly IReadOnlyList<VmdkPart> _parts;

    private VmdkImage(
        IByteSource source, VmdkDescriptor descriptor, IReadOnlyList<VmdkPart> parts)
    {
        (_source, _descriptor, _parts) = (source, descriptor, parts);
        SizeBytes = parts.Sum(p => p.SizeBytes);
    }

    /// <inheritdoc />
    public string Format => "vmdk";

    /// <inheritdoc />
    public long SizeBytes { get; }

    /// <inheritdoc />
    public bool HasParent => _descriptor.ParentContentId is not null;

    /// <inheritdoc />
    public string? ParentHint => HasParent ? _descriptor.ParentName : null;

    /// <inheritdoc />
    public ImageIdentity Identity => new(
        TextOf(_descriptor.ContentId),
        TextOf(_descriptor.ParentContentId) is { } parent ? [parent] : []);

    /// <inheritdoc />
    public IReadOnlyList<ImagePart> OtherFiles =>
        [.. _parts.Where(p => p.Source is not null && p.Source != _source)
            .Select(p => new ImagePart(p.Source!.Name, p.Source.Identity))];

    /// <inheritdoc />
    public string Description
    {
        get
        {
            var headers = _parts.Where(p => p.Header is not null).Select(p => p.Header!).ToList();
            var grains = headers.Count == 0
                ? "flat"
                : $"grains of {headers[0].GrainBytes} bytes"
                    + (headers[0].IsCompressed ? ", deflate" : null);
            var files = _parts.Count == 1 ? null : $", in {_parts.Count} extents";
            var unclean = headers.Exists(h => h.IsUnclean) ? ", not closed by its writer" : null;
            return $"{_descriptor.CreateType} VMDK, {SizeBytes} bytes, {grains}{files}{unclean}"
                + (HasParent ? ", a delta" : null);
        }
    }

    /// <summary>
    /// Opens a file that begins as a VMDK does. The source is the image's from then on.
    /// </summary>
    /// <exception cref="InvalidImageException">It is damaged or of a refused kind.</exception>
    public static async ValueTask<VmdkImage> OpenAsync(
        IByteSource source, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var (descriptor, parts) = await new VmdkOpening(source, new ImageFaults(source.Name))
            .OpenAsync(cancellation);
        return new VmdkImage(source, descriptor, parts);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<Extent> ExtentsAsync(
        ByteRange range, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        DiskRanges.Check(range, SizeBytes);
        var start = 0L;
        foreach (var part in _parts)
        {
            var from = Math.Max(range.Offset - start, 0);
            var end = Math.Min(range.End - start, part.SizeBytes);
            if (from < end && part.Reader is null)
                yield return new Extent(
                    new ByteRange(start + from, start + end), ExtentKind.Zero);
            else if (from < end)
                await foreach (var (found, kind) in part.Reader!.ExtentsAsync(
                    new ByteRange(from, end), cancellation))
                    yield return new Extent(
                        new ByteRange(start + found.Offset, start + found.End), kind);
            start += part.SizeBytes;
        }
    }

    /// <inheritdoc />
    public async ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        DiskRanges.Check(new ByteRange(offset, offset + destination.Length), SizeBytes);
        var start = 0L;
        foreach (var part in _parts)
        {
            if (destination.IsEmpty)
                return;
            var left = start + part.SizeBytes - offset;
            start += part.SizeBytes;
            if (left <= 0)
                continue;
            var length = (int)Math.Min(left, destination.Length);
            if (part.Reader is null)
                destination.Span[..length].Clear();
            else
                await part.Reader.ReadAsync(
                    part.SizeBytes - left, destination[..length], cancellation);
            (offset, destination) = (offset + length, destination[length..]);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var part in _parts)
        {
            part.Decoded?.Dispose();
            if (part.Source is not null && part.Source != _source)
                await part.Source.DisposeAsync();
        }

        await _source.DisposeAsync();
    }

    private static string? TextOf(uint? id) => id?.ToString("x8", CultureInfo.InvariantCulture);
}
