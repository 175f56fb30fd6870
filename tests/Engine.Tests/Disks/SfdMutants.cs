using System.Buffers.Binary;
using SnapshotFunctions.TestShared.Images;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>Sound changed-block files and ways to break them, all from one seed.</summary>
internal sealed class SfdMutants(int seed)
{
    private readonly Random _random = new(seed);
    private readonly (SfdBuilder Builder, byte[] File)[] _sound = [.. Sound(seed)];

    /// <summary>The sound files.</summary>
    public IEnumerable<byte[]> SoundFiles => _sound.Select(s => s.File);

    /// <summary>
    /// The next broken file: cut, with flipped bits, or with a changed structure whose checksums were
    /// mostly made right again.
    /// </summary>
    public byte[] Next()
    {
        var (builder, sound) = _sound[_random.Next(_sound.Length)];
        if (_random.Next(10) == 0)
            return sound[.._random.Next(sound.Length)];
        var file = (byte[])sound.Clone();
        for (var changes = _random.Next(1, 4); changes > 0; changes--)
            Change(builder, file);
        if (_random.Next(10) != 0)
            SfdBuilder.Seal(file, ranges: _random.Next(10) != 0);
        return file;
    }

    private static IEnumerable<(SfdBuilder Builder, byte[] File)> Sound(int seed)
    {
        foreach (var (kind, parent, id) in new (byte, string, string)[]
        {
            (0, string.Empty, string.Empty), (1, "12", "feed-1"), (2, new string('a', 64), "x"),
            (3, "feed-0", "feed-1"),
        })
        {
            var builder = new SfdBuilder
            {
                SizeBytes = (1 << 20) + 100, ParentKind = kind, Parent = parent, Id = id,
                GapBytes = kind * 40,
            };
            for (var i = 0; i < 200; i++)
            {
                if (i % 5 == 4)
                    builder.Zeros(i * 4096, 4096);
                else
                    builder.Data(i * 4096, DiskBytes.Noise(512 * (1 + (i % 3)), seed + i));
            }

            yield return (builder.Data(1 << 20, new byte[100]), builder.Build());
        }
    }

    private void Change(SfdBuilder builder, byte[] file)
    {
        switch (_random.Next(8))
        {
            case 0:
                file[_random.Next(file.Length)] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                file[_random.Next(120)] = (byte)_random.Next(256);
                break;
            case 2:
                Put(file, _random.Next(3) switch { 0 => 0, 1 => 8, _ => 16 });
                break;
            case 3:
                Put(file, file.Length - 64 + (_random.Next(4) * 8));
                break;
            default:
                var entry = _random.Next(4) == 0 ? builder.Count - 1 : _random.Next(builder.Count);
                Put(file, builder.TableAt + (entry * 64) + (_random.Next(5) * 8));
                break;
        }
    }

    private void Put(byte[] file, int at)
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at));
        value = _random.Next(8) switch
        {
            0 => 0,
            1 => value + (512 * _random.Next(-9, 10)),
            2 => value + _random.Next(-9, 10),
            3 => long.MaxValue >> _random.Next(63),
            4 => -value,
            5 => _random.Next(file.Length + 5),
            6 => 1L << _random.Next(64),
            _ => _random.NextInt64(),
        };
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(at), value);
    }
}
