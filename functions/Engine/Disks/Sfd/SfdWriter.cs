using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks.Sfd;

/// <summary>
/// Writes a changed-block file from its start to its end. Ranges come in the disk's order; of each
/// 64 bytes stay in memory until the table is written. Not thread-safe.
/// </summary>
public sealed class SfdWriter : IDisposable
{
    private const int BufferBytes = 128 << 10;
    private readonly Stream _stream;
    private readonly SfdHeader _header;
    private readonly IncrementalHash _hash =
        IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private readonly List<SfdEntry> _entries = [];
    private long _place;

    /// <summary>A writer to the start of a stream, which stays the caller's.</summary>
    public SfdWriter(Stream stream, SfdHeader header)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(header);
        (_stream, _header) = (stream, header);
    }

    /// <summary>Writes the bytes of a range of the disk.</summary>
    /// <exception cref="ArgumentException">It does not lie behind the one before.</exception>
    public async ValueTask AddAsync(
        long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default)
    {
        await BeginAsync(cancellation);
        Check(new ByteRange(offset, offset + bytes.Length));
        while (bytes.Length > 0)
        {
            var part = bytes[..Math.Min(bytes.Length, SfdEntry.MostDataBytes)];
            _entries.Add(new SfdEntry(
                new ByteRange(offset, offset + part.Length), _place, false,
                Hash256.Of(part.Span)));
            await WriteAsync(part, cancellation);
            (offset, bytes) = (offset + part.Length, bytes[part.Length..]);
        }
    }

    /// <summary>Says that a range of the disk is zeros.</summary>
    /// <exception cref="ArgumentException">It does not lie behind the one before.</exception>
    public async ValueTask AddZerosAsync(ByteRange range, CancellationToken cancellation = default)
    {
        await BeginAsync(cancellation);
        Check(range);
        if (_entries.Count > 0 && _entries[^1] is { IsZero: true } last
            && last.Range.End == range.Offset)
            _entries[^1] = last with { Range = last.Range with { End = range.End } };
        else
            _entries.Add(new SfdEntry(range, _place, true, Hash256.Zero));
    }

    /// <summary>Writes the table and the checksum: only now it is a file that is taken.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellation = default)
    {
        await BeginAsync(cancellation);
        await WriteAsync(new byte[(int)(-_place & (SfdEntry.LengthBytes - 1))], cancellation);
        var table = _place;
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            const int AtOnce = BufferBytes / SfdEntry.LengthBytes;
            for (var first = 0; first < _entries.Count; first += AtOnce)
            {
                var count = Math.Min(AtOnce, _entries.Count - first);
                for (var i = 0; i < count; i++)
                    _entries[first + i].Write(buffer.AsSpan(i * SfdEntry.LengthBytes));
                await HashAndWriteAsync(
                    buffer.AsMemory(0, count * SfdEntry.LengthBytes), cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var trailer = new byte[32];
        BinaryPrimitives.WriteInt64LittleEndian(trailer, table);
        BinaryPrimitives.WriteInt64LittleEndian(trailer.AsSpan(8), _entries.Count);
        SfdHeader.EndMark.CopyTo(trailer.AsSpan(24));
        await HashAndWriteAsync(trailer, cancellation);
        await _stream.WriteAsync(_hash.GetHashAndReset(), cancellation);
        await _stream.FlushAsync(cancellation);
    }

    /// <inheritdoc />
    public void Dispose() => _hash.Dispose();

    private ValueTask BeginAsync(CancellationToken cancellation) =>
        _place == 0 ? HashAndWriteAsync(_header.ToBytes(), cancellation) : ValueTask.CompletedTask;

    private void Check(ByteRange range)
    {
        const int Sector = SfdHeader.SectorBytes;
        var before = _entries.Count == 0 ? 0 : _entries[^1].Range.End;
        if (range.Offset < before || range.Length <= 0 || range.End > _header.SizeBytes
            || range.Offset % Sector != 0
            || (range.End % Sector != 0 && range.End != _header.SizeBytes))
            throw new ArgumentException(
                $"{range} of {_header.SizeBytes} bytes in whole sectors behind {before}.",
                nameof(range));
    }

    private ValueTask HashAndWriteAsync(
        ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        _hash.AppendData(bytes.Span);
        return WriteAsync(bytes, cancellation);
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await _stream.WriteAsync(bytes, cancellation);
        _place += bytes.Length;
    }
}
