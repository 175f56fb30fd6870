using System.Buffers.Binary;
using System.Text;

namespace SnapshotFunctions.Local.Nbd;

/// <summary>
/// Reads the data of an option from its start to its end. What is not there reads as nothing and
/// makes <see cref="IsWhole"/> false.
/// </summary>
internal ref struct NbdOptionData(ReadOnlySpan<byte> data)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = data;
    private bool _failed;

    /// <summary>Whether all was there and nothing is left.</summary>
    public readonly bool IsWhole => !_failed && _rest.IsEmpty;

    /// <summary>Whether something was not there.</summary>
    public readonly bool HasFailed => _failed;

    /// <summary>A number of 16 bits.</summary>
    public ushort Short() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    /// <summary>A number of 32 bits.</summary>
    public uint Long() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    /// <summary>A text with its length before it.</summary>
    public string Text() => TextOf(Long());

    /// <summary>All that is left, as a text.</summary>
    public string RestAsText() => TextOf((uint)_rest.Length);

    private string TextOf(uint lengthBytes)
    {
        if (lengthBytes > NbdWire.MostTextBytes || lengthBytes > (uint)_rest.Length)
        {
            _failed = true;
            return string.Empty;
        }
        try
        {
            return Strict.GetString(Take((int)lengthBytes));
        }
        catch (DecoderFallbackException)
        {
            _failed = true;
            return string.Empty;
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            _failed = true;
            _rest = [];
            return new byte[count];
        }
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
