using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SnapshotFunctions.Engine.Model;

/// <summary>
/// A SHA-256 value, 32 bytes held in place. <see cref="Zero"/> (all bytes 0) never is a hash of
/// content here: it stands for "this block, page or shard is all zero".
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
public readonly struct Hash256 : IEquatable<Hash256>
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 32;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>Reads a value from its 32 bytes.</summary>
    public Hash256(ReadOnlySpan<byte> bytes)
    {
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>The value that stands for "all zero".</summary>
    public static Hash256 Zero => default;

    /// <summary>Whether this is <see cref="Zero"/>.</summary>
    public bool IsZero => (_a | _b | _c | _d) == 0;

    /// <summary>SHA-256 of some bytes.</summary>
    [SkipLocalsInit]
    public static Hash256 Of(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(content, hash);
        return new Hash256(hash);
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>The 32 bytes as a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>Parses 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is no such value.</exception>
    public static Hash256 Parse(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        return bytes.Length == Size
            ? new Hash256(bytes)
            : throw new FormatException($"A hash has 64 hexadecimal digits, not {hex.Length}.");
    }

    /// <summary>Parses 64 hexadecimal digits; false for any other text.</summary>
    public static bool TryParse(string text, out Hash256 hash)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var isHash = text.Length == 2 * Size
            && Convert.FromHexString(text, bytes, out _, out var written) == OperationStatus.Done
            && written == Size;
        hash = isHash ? new Hash256(bytes) : Zero;
        return isHash;
    }

    /// <inheritdoc/>
    public bool Equals(Hash256 other) =>
        _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Hash256 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_a, _b);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());

    /// <summary>Equality of all 32 bytes.</summary>
    public static bool operator ==(Hash256 left, Hash256 right) => left.Equals(right);

    /// <summary>Inequality of any of the 32 bytes.</summary>
    public static bool operator !=(Hash256 left, Hash256 right) => !left.Equals(right);
}
