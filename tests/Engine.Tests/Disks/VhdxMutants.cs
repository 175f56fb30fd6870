using System.Buffers.Binary;
using SnapshotFunctions.TestShared.Images;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>
/// Sound VHDX files and ways to break them, all from one seed. A file of some MiB is broken in
/// place and mended before the next one.
/// </summary>
internal sealed class VhdxMutants(int seed)
{
    private const int MiB = 1 << 20;
    private static readonly Guid LogId = new("00000000-1111-2222-3333-444444444444");

    private readonly Random _random = new(seed);
    private readonly byte[][] _sound = [.. Sound(seed)];
    private readonly Stack<(int At, byte[] Bytes)> _changes = new();
    private byte[] _file = [];

    /// <summary>The sound files.</summary>
    public IEnumerable<byte[]> SoundFiles => _sound;

    /// <summary>The next broken file, valid until the next call, and its length.</summary>
    public (byte[] File, long LengthBytes) Next()
    {
        while (_changes.TryPop(out var change))
            change.Bytes.CopyTo(_file, change.At);
        _file = _sound[_random.Next(_sound.Length)];
        var seal = _random.Next(8) != 0;
        for (var changes = _random.Next(1, 4); changes > 0; changes--)
            Change(seal);
        return (_file, _random.Next(12) == 0 ? _random.Next(_file.Length) : _file.Length);
    }

    private static IEnumerable<byte[]> Sound(int seed)
    {
        yield return new VhdxBuilder()
            .Block(1, 6, DiskBytes.Noise(MiB, seed)).Block(2, 2).Block(3, 1).Block(4, 3)
            .Build();
        var bits = new byte[8 * MiB / 512 / 8];
        new Random(seed).NextBytes(bits.AsSpan(0, 700));
        yield return new VhdxBuilder
        {
            SectorBytes = 4096,
            Parent = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["parent_linkage"] = "{83ed65c9-6ed8-4a3c-8b5c-17e8d2f86bb1}",
                ["parent_linkage2"] = "{83ed65c9-6ed8-4a3c-8b5c-17e8d2f86bb2}",
                ["relative_path"] = @".\base.vhdx",
            },
        }.Block(0, 7, DiskBytes.Noise(MiB, seed + 1)).Block(3, 6).Block(5, 2).Bitmap(0, bits)
            .Build();
        var entry = new byte[4096];
        BinaryPrimitives.WriteUInt64LittleEndian(entry, (4UL << 20) | 6);
        var logged = new VhdxBuilder { LogId = LogId }.Block(1, 6, DiskBytes.Noise(MiB, seed + 2));
        yield return logged
            .Log(0, VhdxBuilder.LogEntry(LogId, 6, 0, (MiB, MiB), (3 * MiB, entry, 0)))
            .Log(8192, VhdxBuilder.LogEntry(
                LogId, 7, 0, (4 * MiB, 5 * MiB), (4 * MiB, null, 8192), (5 * MiB, null, 4096)))
            .Build();
    }

    private void Change(bool seal)
    {
        switch (_random.Next(10))
        {
            case 0:
                var at = _random.Next(_file.Length);
                Write(at, [(byte)(_file[at] ^ (1 << _random.Next(8)))]);
                break;
            case 1 or 2:
                var header = _random.Next(3) == 0 ? 64 << 10 : 128 << 10;
                Put(header + Pick(0, 8, 16, 32, 48, 64, 66, 68, 72, 76), 8);
                Seal(header, 4096, seal);
                break;
            case 3 or 4:
                var region = _random.Next(8) == 0 ? 256 << 10 : 192 << 10;
                Put(region + Pick(0, 8, 16, 32, 40, 44, 48, 64, 72, 76), 8);
                Seal(region, 64 << 10, seal);
                break;
            case 5:
                Put(VhdxBuilder.MetadataAt + Pick(
                    0, 10, 32, 48, 52, 56, 64, 80, 84, 88, 96, 112, 144, 192, 208, 212), 8);
                break;
            case 6:
                Put(VhdxBuilder.MetadataAt + (64 << 10) + _random.Next(0, 30) * 4, 8);
                break;
            case 7:
                var entryAt = Pick(0, 4096, 8192, 12288);
                Put(VhdxBuilder.LogAt + entryAt + Pick(
                    0, 8, 12, 16, 24, 32, 48, 56, 64, 72, 80, 88, 96, 104, 112), 8);
                SealEntry(VhdxBuilder.LogAt + entryAt, seal);
                break;
            default:
                PutEntries();
                break;
        }
    }

    private int Pick(params int[] values) => values[_random.Next(values.Length)];

    private void PutEntries()
    {
        var everywhere = _random.Next(6) == 0;
        var (first, value) = (everywhere ? 0 : _random.Next(12), Value());
        for (var i = first; i < (everywhere ? 12 : first + 1); i++)
            WriteValue(VhdxBuilder.TableAt + (i * 8), value, 8);
        if (_random.Next(4) == 0)
            WriteValue(VhdxBuilder.TableAt + ((1 << 15) * 8), value, 8);
    }

    private void Put(int at, int length) => WriteValue(at, Value(), _random.Next(2) == 0 ? length : 4);

    private void WriteValue(int at, ulong value, int length) =>
        Write(at, BitConverter.GetBytes(value).AsSpan(0, length));

    private void Write(int at, ReadOnlySpan<byte> bytes)
    {
        _changes.Push((at, _file[at..(at + bytes.Length)]));
        bytes.CopyTo(_file.AsSpan(at));
    }

    private void Seal(int at, int length, bool seal)
    {
        if (!seal)
            return;
        _changes.Push((at + 4, _file[(at + 4)..(at + 8)]));
        VhdxBuilder.Seal(_file.AsSpan(at, length));
    }

    private void SealEntry(int at, bool seal)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(_file.AsSpan(at + 8));
        if (length is >= 64 and <= 64 << 10)
            Seal(at, length, seal);
    }

    private ulong Value() => _random.Next(11) switch
    {
        0 => 0,
        1 => 1,
        2 => ulong.MaxValue >> _random.Next(64),
        3 => 1UL << _random.Next(64),
        4 or 5 => ((ulong)_random.Next(12) << 20) | (uint)_random.Next(8),
        6 => (ulong)_random.Next(_file.Length),
        7 => (ulong)_random.Next(16) << 12,
        8 => 6UL | ((ulong)_random.Next(2, 8) << 20),
        9 => 7UL | ((ulong)_random.Next(2, 8) << 20),
        _ => (ulong)_random.NextInt64(),
    };
}
