using System.Buffers.Binary;
using System.Text;
using SnapshotFunctions.TestShared.Images;

namespace SnapshotFunctions.EngineTests.Disks;

/// <summary>Sound VMDK files and ways to break them, all from one seed.</summary>
internal sealed class VmdkMutants(int seed)
{
    private static readonly int[] HeaderFields =
        [0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 56, 60, 64, 72, 73, 77];

    private static readonly string[] Words =
    [
        "RW", "RDONLY", "NOACCESS", "FLAT", "SPARSE", "VMFS", "VMFSSPARSE", "SESPARSE", "ZERO",
        "\"a-flat.vmdk\" 0", "\"../x\"", "\"\"", "99999999999999999999", "0", "137438953472", "=",
        "parentCID=12345678", "CID=xyz", "\"../d\"", "\"d/e.vm\"", "CID=1", "parentFileNameHint=\"p.vmdk\"", "\n", "\0", "#",
    ];

    private readonly Random _random = new(seed);
    private readonly (VmdkBuilder? Builder, byte[] File)[] _sound = [.. Sound(seed)];
    private readonly Dictionary<string, byte[]> _beside = Extents(seed);
    private (byte[] Sound, byte[] File)? _broken;

    /// <summary>The sound files.</summary>
    public IEnumerable<byte[]> SoundFiles => _sound.Select(s => s.File);

    /// <summary>The extents beside a descriptor; broken as the file last answered wants it.</summary>
    public IReadOnlyDictionary<string, byte[]> Beside => _beside;

    /// <summary>The next broken file: cut, with flipped bits, or with a changed structure.</summary>
    public byte[] Next()
    {
        if (_broken is { } broken)
            broken.Sound.CopyTo(broken.File, 0);
        _broken = null;
        var (builder, sound) = _sound[_random.Next(_sound.Length)];
        if (builder is null && _random.Next(2) == 0)
        {
            var extent = _beside[_random.Next(2) == 0 ? "a.vmdk" : "b.vmdk"];
            _broken = ((byte[])extent.Clone(), extent);
            Put(extent, _random.Next(8) == 0 ? 512 * _random.Next(12) : 4 * _random.Next(20));
            return sound;
        }

        if (_random.Next(10) == 0)
            return sound[.._random.Next(sound.Length)];
        var file = (byte[])sound.Clone();
        for (var changes = _random.Next(1, 4); changes > 0; changes--)
            Change(builder, file);
        return _random.Next(16) == 0 ? file[.._random.Next(1, file.Length)] : file;
    }

    private static IEnumerable<(VmdkBuilder? Builder, byte[] File)> Sound(int seed)
    {
        foreach (var (grain, entries, packed, footer, parent) in
            new (int, int, bool, bool, string?)[]
            {
                (8, 512, false, false, null), (2, 32, false, false, "base.vmdk"),
                (8, 64, true, false, null), (16, 8, true, true, null), (1, 512, false, false, null),
            })
        {
            var builder = new VmdkBuilder
            {
                GrainSectors = grain, TableEntries = entries, IsCompressed = packed,
                HasFooter = footer, Sectors = (grain * 100) + 1, ParentName = parent,
                ParentId = parent is null ? "ffffffff" : "0badcafe",
            };
            var bytes = builder.GrainBytes;
            for (var i = 0; i < 9; i++)
                builder.Grain(i * 11, i % 3 == 0 ? DiskBytes.Text(bytes, seed + i)
                    : i % 3 == 1 ? DiskBytes.Noise(bytes, seed + i) : null);
            builder.Grain(100, DiskBytes.Text(packed ? 512 : bytes, seed));
            yield return (builder, builder.Build());
        }

        yield return (null, Encoding.ASCII.GetBytes(VmdkBuilder.Text(
            "custom",
            "RW 9 ZERO\nRW 99 SPARSE \"a.vmdk\"\nRW 5 FLAT \"c-flat.vmdk\" 1\n"
            + "RW 80 VMFSSPARSE \"b.vmdk\"")));
    }

    private static Dictionary<string, byte[]> Extents(int seed) => new(StringComparer.Ordinal)
    {
        ["a.vmdk"] = new VmdkBuilder { Sectors = 99, Descriptor = string.Empty }
            .Grain(2, DiskBytes.Noise(4096, seed)).Grain(12, DiskBytes.Noise(4096, seed)).Build(),
        ["b.vmdk"] = new VmdkBuilder { Sectors = 80, IsEsx = true, TableEntries = 4096 }
            .Grain(0, DiskBytes.Noise(4096, seed)).Grain(9, DiskBytes.Noise(4096, seed)).Build(),
        ["c-flat.vmdk"] = DiskBytes.Noise(6 * 512, seed),
    };

    private void Change(VmdkBuilder? builder, byte[] file)
    {
        switch (builder is null ? 7 : _random.Next(9))
        {
            case 0:
                file[_random.Next(file.Length)] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                file[_random.Next(file.Length)] = (byte)_random.Next(256);
                break;
            case 2 or 3:
                // The header that counts is the last one, where there are two.
                var header = builder!.HasFooter && _random.Next(3) != 0 ? file.Length - 1024 : 0;
                Put(file, header + HeaderFields[_random.Next(HeaderFields.Length)]);
                break;
            case 4:
                PutEntries(file, builder!.DirectoryAt, builder.Tables);
                break;
            case 5:
                Put(file, GrainAt(builder!, file) + (_random.Next(3) * 4));
                break;
            case 6 when builder!.HasFooter:
                Put(file, file.Length - 1536 + (_random.Next(4) * 4) + (_random.Next(2) * 1024));
                break;
            case 7:
                var text = builder is null ? 22 : 512;
                var word = Encoding.ASCII.GetBytes(Words[_random.Next(Words.Length)]);
                var at = text + _random.Next(Math.Min(420, file.Length - text - word.Length - 1));
                // Often where a line begins, or a word does.
                if (_random.Next(3) != 0)
                    at += 1 + Math.Max(0, file.AsSpan(at).IndexOfAny((byte)'\n', (byte)' '));
                if (at + word.Length < file.Length)
                    word.CopyTo(file, at);
                break;
            default:
                PutEntries(file, builder!.TableAt, builder.Grains);
                break;
        }
    }

    private int GrainAt(VmdkBuilder builder, byte[] file)
    {
        var entry = BinaryPrimitives.ReadInt32LittleEndian(
            file.AsSpan(Math.Min(builder.TableAt, file.Length - 4)));
        return (int)Math.Min(Math.Abs((long)entry) * 512, file.Length);
    }

    private void Put(byte[] file, int at)
    {
        if (at + 8 > file.Length)
            return;
        if (_random.Next(3) == 0)
            BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), Value(file));
        else
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), (uint)Value(file));
    }

    private void PutEntries(byte[] file, int table, int entries)
    {
        var everywhere = _random.Next(8) == 0;
        var (first, value) = (everywhere ? 0 : _random.Next(entries), (uint)Value(file));
        for (var i = first; i < (everywhere ? entries : first + 1); i++)
        {
            if (table + (i * 4) + 4 <= file.Length)
                BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(table + (i * 4)), value);
        }
    }

    private ulong Value(byte[] file) => _random.Next(9) switch
    {
        0 => 0,
        1 => 1,
        2 => ulong.MaxValue,
        3 => ulong.MaxValue >> _random.Next(64),
        4 => 1UL << _random.Next(64),
        5 or 6 => (ulong)_random.Next((file.Length / 512) + 3),
        7 => (ulong)_random.Next(40),
        _ => (ulong)_random.NextInt64(),
    };
}
