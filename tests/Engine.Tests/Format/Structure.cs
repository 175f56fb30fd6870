using System.Buffers.Binary;
using System.Security.Cryptography;
using SnapshotFunctions.Engine.Format;

namespace SnapshotFunctions.EngineTests.Format;

/// <summary>
/// One stored structure under test: how to make one, read one, write it again, and what a reader
/// relies on once it was decoded.
/// </summary>
public abstract class Structure
{
    /// <summary>Hash, length and end mark.</summary>
    public const int SealBytes = 44;

    public static IReadOnlyDictionary<string, Structure> All { get; } =
        new Dictionary<string, Structure>(StringComparer.Ordinal)
        {
            ["footer"] = new Structure<BaseFooter>(
                r => Samples.Footer(r), x => x.Encode(), BaseFooter.Decode, Relied.On),
            ["delta"] = new Structure<DeltaIndex>(
                r => Samples.Delta(r), x => x.Encode(), DeltaIndex.Decode, Relied.On),
            ["merged"] = new Structure<MergedIndex>(
                r => Samples.Merged(r), x => x.Encode(), MergedIndex.Decode, Relied.On),
            ["pack"] = new Structure<PackHeader>(
                r => Samples.Pack(r), x => x.Encode(), PackHeader.Decode, Relied.On),
            ["page"] = new Structure<IndexPage>(
                r => Samples.Page(r), x => x.Encode(), DecodePage, Relied.On) { Sealed = false },
            ["shared"] = new Structure<IReadOnlyList<SharedBlock>>(
                r => Samples.Shared(r), SharedTable.Encode, DecodeShared, Relied.On)
            { Sealed = false },
        };

    /// <summary>Whether it ends in a seal of its own; a page's hash is kept by the footer.</summary>
    public bool Sealed { get; init; } = true;

    public abstract byte[] Make(Random random);

    /// <summary>Decodes, asserts all that readers rely on, and encodes again.</summary>
    public abstract byte[] Again(byte[] stored);

    /// <summary>Only decodes.</summary>
    public abstract void Decode(byte[] stored);

    /// <summary>Computes the seal anew, as whoever wants to mislead a reader would.</summary>
    public byte[] Reseal(byte[] stored)
    {
        if (!Sealed || stored.Length < SealBytes) return stored;
        var content = stored.Length - SealBytes;
        SHA256.HashData(stored.AsSpan(0, content), stored.AsSpan(content));
        BinaryPrimitives.WriteInt32LittleEndian(stored.AsSpan(content + 32), stored.Length);
        return stored;
    }

    private static IReadOnlyList<SharedBlock> DecodeShared(
        ReadOnlySpan<byte> stored, string name) => SharedTable.Decode(stored, Samples.Small, name);

    private static IndexPage DecodePage(ReadOnlySpan<byte> stored, string name) => IndexPage.Decode(
        stored,
        stored.Length < 6 ? 0 : BinaryPrimitives.ReadUInt16LittleEndian(stored[4..]),
        Samples.Small,
        name);
}

/// <summary>A structure with its type.</summary>
internal sealed class Structure<T>(
    Func<Random, T> make, Func<T, byte[]> encode, Structure<T>.Decoder decode, Action<T> relied)
    : Structure
{
    public delegate T Decoder(ReadOnlySpan<byte> stored, string objectName);

    public override byte[] Make(Random random) => encode(make(random));

    public override byte[] Again(byte[] stored)
    {
        var decoded = decode(stored, "object");
        relied(decoded);
        return encode(decoded);
    }

    public override void Decode(byte[] stored) => decode(stored, "object");
}
