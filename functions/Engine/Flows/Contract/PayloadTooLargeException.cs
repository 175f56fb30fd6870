using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Flows.Contract;

/// <summary>
/// An input or result is longer than runners carry: they are names and ranges, never data. The
/// cloud's runner would only become slow and dear; every runner refuses it at once.
/// </summary>
public sealed class PayloadTooLargeException(string what, int lengthBytes)
    : SnapshotException(
        "payload-too-large",
        $"{what} has {lengthBytes} bytes of JSON; at most {MaxLengthBytes} are carried. " +
        "Pass names and ranges, and keep the data in an object.")
{
    /// <summary>The longest input or result, in bytes of UTF-8.</summary>
    public const int MaxLengthBytes = 16 * 1024;

    /// <summary>Whose input or result it is.</summary>
    public string What { get; } = what;

    /// <summary>Its length.</summary>
    public int LengthBytes { get; } = lengthBytes;

    /// <summary>Throws when the JSON is too long.</summary>
    public static void Check(string what, string json)
    {
        var lengthBytes = System.Text.Encoding.UTF8.GetByteCount(json);
        if (lengthBytes > MaxLengthBytes)
            throw new PayloadTooLargeException(what, lengthBytes);
    }
}
