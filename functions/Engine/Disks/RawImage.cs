using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks;

/// <summary>A file that is the disk, byte for byte; its holes read as zeros.</summary>
/// <remarks>It owns its source: disposing of the image disposes of the source.</remarks>
public sealed class RawImage : IDiskImage
{
    private readonly IByteSource _source;

    /// <summary>Takes the whole file as the disk.</summary>
    /// <exception cref="InvalidImageException">
    /// It is empty or larger than a disk may be.
    /// </exception>
    public RawImage(IByteSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var faults = new ImageFaults(source.Name);
        if (source.LengthBytes <= 0)
            throw faults.Refused("empty", "a disk image", "an empty file", "Upload it again.");
        if (source.LengthBytes > ImageLimits.DiskBytes)
            throw faults.Refused(
                "too-large", $"a disk of at most {ImageLimits.DiskBytes} bytes",
                $"{source.LengthBytes} bytes", "Split the disk.");
        _source = source;
    }

    /// <inheritdoc />
    public string Format => "raw";

    /// <inheritdoc />
    public long SizeBytes => _source.LengthBytes;

    /// <inheritdoc />
    public bool HasParent => false;

    /// <inheritdoc />
    public string? ParentHint => null;

    /// <inheritdoc />
    public string Description => $"raw, {SizeBytes} bytes";

    /// <inheritdoc />
    public async IAsyncEnumerable<Extent> ExtentsAsync(
        ByteRange range, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        DiskRanges.Check(range, SizeBytes);
        var at = range.Offset;
        while (at < range.End)
        {
            var data = await _source.NextDataAsync(at, range.End, cancellation);
            if (data is not { } next || next.Offset >= range.End)
            {
                yield return new Extent(new ByteRange(at, range.End), ExtentKind.Zero);
                yield break;
            }

            var start = Math.Max(next.Offset, at);
            var end = Math.Min(next.End, range.End);
            if (end <= start)
                throw new InvalidOperationException(
                    $"{_source.Name}: the source named {next} as data at or after {at}.");
            if (start > at)
                yield return new Extent(new ByteRange(at, start), ExtentKind.Zero);
            yield return new Extent(new ByteRange(start, end), ExtentKind.Data);
            at = end;
        }
    }

    /// <inheritdoc />
    public ValueTask ReadAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation = default)
    {
        DiskRanges.Check(new ByteRange(offset, offset + destination.Length), SizeBytes);
        return destination.IsEmpty
            ? ValueTask.CompletedTask
            : _source.ReadAsync(offset, destination, cancellation);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
