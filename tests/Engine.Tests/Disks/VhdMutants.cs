using System.Buffers.Binary;
using SnapshotFunctions.TestShared.Images;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>Sound VHD files and ways to break them, all from one seed.</summary>
internal sealed class VhdMutants(int seed)
{
    private static readonly int[] FooterFields = [8, 12, 16, 20, 28, 40, 48, 52, 56, 60, 64, 68, 84];
    private static readonly int[] HeaderFields =
        [0, 16, 20, 24, 28, 32, 36, 40, 56, 64, 66, 576, 584, 596, 600, 608];

    private readonly Random _random = new(seed);
    private readonly byte[][] _sound = [.. Sound(seed)];

    /// <summary>The sound files.</summary>
    public IEnumerable<byte[]> SoundFiles => _sound;

    /// <summary>
    /// The next broken file: cut, with flipped bits, or with a changed structure whose checksums
    /// were mostly made right again.
    /// </summary>
    public byte[] Next()
    {
        var sound = _sound[_random.Next(_sound.Length)];
        if (_random.Next(8) == 0)
            return sound[.._random.Next(sound.Length)];
        var file = (byte[])sound.Clone();
        for (var changes = _random.Next(1, 4); changes > 0; changes--)
            Change(file);
        if (_random.Next(8) != 0)
            VhdBuilder.Reseal(file);
        return _random.Next(16) switch
        {
            0 => file[.._random.Next(1, file.Length)],
            1 => file[..^1],
            2 => [.. file, .. new byte[_random.Next(1, 2000)]],
            _ => file,
        };
    }

    private static IEnumerable<byte[]> Sound(int seed)
    {
        foreach (var (kind, block, creator) in new[]
        {
            (3, 4096, "win "), (3, 65536, "qemu"), (4, 8192, "vpc "), (4, 512, "win "),
            (4, 32768, "tap\0"),
        })
        {
            var builder = new VhdBuilder
            {
                Kind = kind, BlockBytes = block, Creator = creator,
                SizeBytes = (block * 40L) + (block > 512 ? 1024 : 0),
                Geometry = (block * 40 / 512 / 4, 2, 2), ParentId = Guid.Parse(
                    "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"),
                ParentName = kind == 4 && block != 512 ? "parent.vhd" : string.Empty,
            };
            for (var i = 0; i < 6; i++)
            {
                var bits = new byte[Math.Max(1, block / 512 / 8)];
                new Random(seed + i).NextBytes(bits);
                builder.Block(i * 7, DiskBytes.Noise(block, seed + i), i % 2 == 0 ? bits : null);
            }

            yield return builder.Build();
        }

        yield return new VhdBuilder
        {
            Kind = 2, SizeBytes = 40_960, Content = DiskBytes.Noise(40_960, seed),
        }.Build();
    }

    private void Change(byte[] file)
    {
        switch (_random.Next(8))
        {
            case 0:
                file[_random.Next(file.Length)] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                file[_random.Next(file.Length)] = (byte)_random.Next(256);
                break;
            case 2 or 3:
                // The footer that counts is the last one; sometimes only the copy is left.
                var footer = _random.Next(6) == 0 ? 0 : file.Length - 512;
                Put(file, footer + FooterFields[_random.Next(FooterFields.Length)]);
                if (_random.Next(6) == 0)
                    file[^512] = 0;
                break;
            case 4 or 5:
                Put(file, VhdBuilder.HeaderAt + HeaderFields[_random.Next(HeaderFields.Length)]);
                break;
            default:
                PutEntries(file);
                break;
        }
    }

    private void Put(byte[] file, int at)
    {
        if (at + 4 <= file.Length)
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(at), Value(file));
    }

    private void PutEntries(byte[] file)
    {
        var everywhere = _random.Next(8) == 0;
        var (first, value) = (everywhere ? 0 : _random.Next(45), Value(file));
        for (var i = first; i < (everywhere ? 41 : first + 1); i++)
        {
            if (VhdBuilder.TableAt + (i * 4) + 4 <= file.Length)
                BinaryPrimitives.WriteUInt32BigEndian(
                    file.AsSpan(VhdBuilder.TableAt + (i * 4)), value);
        }
    }

    private uint Value(byte[] file) => _random.Next(9) switch
    {
        0 => 0,
        1 => uint.MaxValue,
        2 => uint.MaxValue >> _random.Next(32),
        3 => 1U << _random.Next(32),
        4 => (uint)_random.Next(file.Length / 512 + 3),
        5 => (uint)_random.Next(file.Length + 600),
        6 => (uint)_random.Next(6),
        7 => BinaryPrimitives.ReadUInt32BigEndian("W2ku"u8),
        _ => (uint)_random.NextInt64(1L << 32),
    };
}
