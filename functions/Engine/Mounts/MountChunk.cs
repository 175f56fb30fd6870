using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Mounts;

/// <summary>
/// What was written to one stretch of 64 sectors of a mount's disk, in a rented buffer. The stored
/// form (docs/format-mounts.md) is replaced as a whole, so that no sector is ever torn.
/// </summary>
public sealed class MountChunk : IDisposable
{
    /// <summary>Sectors of a chunk: a mask of them fits 64 bits.</summary>
    public const int SectorCount = 64;

    /// <summary>The metadata that says which sectors were written.</summary>
    public const string SectorsKey = "sectors";

    /// <summary>The metadata that says which of them are zero.</summary>
    public const string ZerosKey = "zeros";

    private const int FormatVersion = 1;
    private const int MostHeaderBytes = 512;

    private byte[]? _buffer;

    private MountChunk(int sectorBytes)
    {
        SectorBytes = sectorBytes;
        _buffer = ArrayPool<byte>.Shared.Rent(sectorBytes * SectorCount);
    }

    private static ReadOnlySpan<byte> Magic => "SFmount1"u8;

    private static ReadOnlySpan<byte> EndMark => "SFmtend1"u8;

    /// <summary>The unit of writing.</summary>
    public int SectorBytes { get; }

    /// <summary>Which sectors were written; the first is the lowest bit.</summary>
    public ulong Sectors { get; private set; }

    /// <summary>A chunk to which nothing was written.</summary>
    public static MountChunk Empty(int sectorBytes) => new(sectorBytes);

    /// <summary>More than the stored form of any chunk has.</summary>
    public static int MostBytes(int sectorBytes) => (sectorBytes * SectorCount) + MostHeaderBytes;

    /// <summary>Whether a sector was written.</summary>
    public bool Has(int sector) => (Sectors >> sector & 1) != 0;

    /// <summary>The bytes of a sector that was written.</summary>
    public ReadOnlySpan<byte> Sector(int sector) =>
        _buffer.AsSpan(sector * SectorBytes, SectorBytes);

    /// <summary>Takes a sector for written, and answers its bytes to be filled, all of them.</summary>
    public Span<byte> Write(int sector)
    {
        Sectors |= 1UL << sector;
        return _buffer.AsSpan(sector * SectorBytes, SectorBytes);
    }

    /// <summary>Which written sectors are all zero.</summary>
    public ulong Zeros()
    {
        var zeros = 0UL;
        for (var rest = Sectors; rest != 0; rest &= rest - 1)
        {
            var sector = BitOperations.TrailingZeroCount(rest);
            if (!Sector(sector).ContainsAnyExcept((byte)0)) zeros |= 1UL << sector;
        }
        return zeros;
    }

    /// <summary>The stored form, and the metadata that tells of it in listings.</summary>
    public (byte[] Bytes, IReadOnlyDictionary<string, string> Metadata) Encode(
        MountRecord mount, string disk, long chunk)
    {
        ArgumentNullException.ThrowIfNull(mount);
        var zeros = Zeros();
        var stored = Sectors & ~zeros;
        var writer = new ByteWriter(
            MostHeaderBytes + (BitOperations.PopCount(stored) * SectorBytes));
        writer.Bytes(Magic);
        writer.U16(FormatVersion);
        // The key's algorithm and id, as in every other header.
        writer.Bytes(new byte[18]);
        writer.I32(SectorBytes);
        writer.I64(chunk);
        writer.I64(unchecked((long)Sectors));
        writer.I64(unchecked((long)zeros));
        writer.ShortText(mount.Machine);
        writer.ShortText(mount.Id);
        writer.ShortText(disk);
        for (var rest = stored; rest != 0; rest &= rest - 1)
            writer.Bytes(Sector(BitOperations.TrailingZeroCount(rest)));
        return (writer.Seal(EndMark), new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["machine"] = mount.Machine, ["mount"] = mount.Id, ["disk"] = disk,
            ["kind"] = "mount", ["chunk"] = chunk.ToString(CultureInfo.InvariantCulture),
            [SectorsKey] = Mask(Sectors), [ZerosKey] = Mask(zeros),
        });
    }

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="CorruptObjectException">It is damaged, or another chunk's.</exception>
    public static MountChunk Decode(
        ReadOnlySpan<byte> bytes, MountRecord mount, string disk, long chunk, string objectName)
    {
        ArgumentNullException.ThrowIfNull(mount);
        var reader = ByteReader.Unseal(bytes, EndMark, objectName);
        var magic = reader.Bytes(Magic.Length);
        if (!magic.SequenceEqual(Magic))
            throw new CorruptObjectException(
                objectName, $"'{Encoding.ASCII.GetString(Magic)}'",
                $"'{Convert.ToHexStringLower(magic)}'");
        var version = reader.U16();
        if (version != FormatVersion)
            throw new CorruptObjectException(
                objectName, $"format version {FormatVersion}", $"version {version}");
        reader.Reserved(18);
        var (sectorBytes, number) = (reader.I32(), reader.I64());
        var (sectors, zeros) = (unchecked((ulong)reader.I64()), unchecked((ulong)reader.I64()));
        var (machine, id, name) = (reader.ShortText(), reader.ShortText(), reader.ShortText());
        if (sectorBytes != mount.SectorBytes || number != chunk || (zeros & ~sectors) != 0
            || !string.Equals(machine, mount.Machine, StringComparison.Ordinal)
            || !string.Equals(id, mount.Id, StringComparison.Ordinal)
            || !string.Equals(name, disk, StringComparison.Ordinal))
            throw new CorruptObjectException(
                objectName,
                $"chunk {chunk} of {mount.Machine}/{mount.Id}/{disk} in sectors of "
                + $"{mount.SectorBytes}",
                $"chunk {number} of {machine}/{id}/{name} in sectors of {sectorBytes}");
        var decoded = new MountChunk(sectorBytes);
        try
        {
            for (var rest = sectors; rest != 0; rest &= rest - 1)
            {
                var sector = BitOperations.TrailingZeroCount(rest);
                var place = decoded.Write(sector);
                if ((zeros >> sector & 1) != 0) place.Clear();
                else reader.Bytes(sectorBytes).CopyTo(place);
            }
            reader.End();
            return decoded;
        }
        catch
        {
            decoded.Dispose();
            throw;
        }
    }

    /// <summary>A mask as metadata have it; null when it is none.</summary>
    public static ulong? MaskOf(string? text) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var mask)
            ? mask : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private static string Mask(ulong mask) => mask.ToString("x16", CultureInfo.InvariantCulture);
}
