using System.Buffers.Binary;
using SnapshotFunctions.TestShared.Images;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>Sound qcow2 files and ways to break them, all from one seed.</summary>
internal sealed class Qcow2Mutants(int seed)
{
    private static readonly int[] HeaderFields =
    [
        4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 72, 76, 80, 96, 100, 104, 112,
    ];

    private readonly Random _random = new(seed);
    private readonly (Qcow2Builder Builder, byte[] File)[] _sound = [.. Sound(seed)];

    /// <summary>The sound files.</summary>
    public IEnumerable<byte[]> SoundFiles => _sound.Select(s => s.File);

    /// <summary>
    /// The next broken file: cut, with flipped bits, or with a changed structure.
    /// </summary>
    public byte[] Next()
    {
        var (builder, sound) = _sound[_random.Next(_sound.Length)];
        if (_random.Next(8) == 0)
            return sound[.._random.Next(sound.Length)];
        var file = (byte[])sound.Clone();
        for (var changes = _random.Next(1, 4); changes > 0; changes--)
            Change(builder, file);
        return _random.Next(16) == 0 ? file[.._random.Next(1, file.Length)] : file;
    }

    private static IEnumerable<(Qcow2Builder Builder, byte[] File)> Sound(int seed)
    {
        foreach (var (bits, version, zstd, sub, backing) in new (int, int, bool, bool, string?)[]
        {
            (9, 2, false, false, null), (9, 3, true, false, "base"), (10, 3, false, false, null),
            (12, 3, true, false, null), (12, 2, false, false, "base"), (14, 3, true, true, "base"),
        })
        {
            var bytes = 1 << bits;
            var builder = new Qcow2Builder
            {
                ClusterBits = bits, Version = version, Zstd = zstd, Subclusters = sub,
                Backing = backing, SizeBytes = (bytes * 200L) + 77,
            };
            builder.Data(1, DiskBytes.Noise(bytes, seed), sub ? 0x10_0000_FF0FUL : uint.MaxValue)
                .Data(2, DiskBytes.Noise(bytes, seed + 1))
                .Compressed(4, DiskBytes.Text(bytes, seed + 2))
                .Compressed(5, new byte[bytes])
                .Compressed(199, DiskBytes.Text(bytes, seed + 3))
                .Entry(7, version == 3 && !sub ? 1UL : 0, 0xFF_0000_0000);
            yield return (builder, builder.Build());
        }
    }

    private void Change(Qcow2Builder builder, byte[] file)
    {
        switch (_random.Next(7))
        {
            case 0:
                file[_random.Next(file.Length)] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                file[_random.Next(file.Length)] = (byte)_random.Next(256);
                break;
            case 2:
                var field = HeaderFields[_random.Next(HeaderFields.Length)];
                BinaryPrimitives.WriteUInt32BigEndian(
                    file.AsSpan(field), (uint)Value(builder, file));
                break;
            case 3:
                file[79 - (_random.Next(10) == 0 ? _random.Next(8) : 0)] |=
                    (byte)(1 << _random.Next(8));
                break;
            case 4:
                PutEntry(file, builder.L1Offset, 4, Value(builder, file));
                break;
            default:
                var table = builder.FirstTableOffset
                    + ((long)_random.Next(builder.Tables) << builder.ClusterBits);
                PutEntry(file, table, builder.ClusterBytes / 8, Value(builder, file));
                break;
        }
    }

    private void PutEntry(byte[] file, long table, int entries, ulong value)
    {
        // Half of the time next to what is used, and sometimes everywhere: the bomb.
        var everywhere = _random.Next(8) == 0;
        var first = everywhere ? 0 : _random.Next(2) == 0 ? _random.Next(Math.Min(10, entries))
            : _random.Next(entries);
        for (var i = first; i < (everywhere ? entries : first + 1); i++)
        {
            var at = (int)table + (i * 8);
            if (at + 8 <= file.Length)
                BinaryPrimitives.WriteUInt64BigEndian(file.AsSpan(at), value);
        }
    }

    private ulong Value(Qcow2Builder builder, byte[] file)
    {
        var cluster = (ulong)(uint)_random.Next((file.Length >> builder.ClusterBits) + 2);
        var offset = cluster << builder.ClusterBits;
        return _random.Next(10) switch
        {
            0 => 0,
            1 => 1,
            2 => ulong.MaxValue >> _random.Next(64),
            3 => 1UL << _random.Next(64),
            4 => offset,
            5 => offset | (1UL << 63),
            6 => (1UL << 62) | (uint)_random.Next(file.Length),
            7 => (1UL << 62) | (ulong)_random.NextInt64(1L << 61),
            8 => offset | (1UL << 63) | (1UL << _random.Next(12)),
            _ => (ulong)_random.NextInt64(),
        };
    }
}
