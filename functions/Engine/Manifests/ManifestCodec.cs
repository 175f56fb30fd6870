using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>The bytes of heads and pages; what is read is bounded, parsed strictly and checked.</summary>
internal static class ManifestCodec
{
    /// <summary>The longest head.</summary>
    public const int MaxHeadBytes = 16 << 20;

    /// <summary>The longest page.</summary>
    public const int MaxPageBytes = 64 << 20;

    /// <summary>How many of the last writes a head names.</summary>
    public const int WritesKept = 128;

    /// <summary>The head's metadata that holds the SHA-256 of its bytes.</summary>
    public const string HashName = "sha256";

    /// <summary>The bytes of a head.</summary>
    /// <exception cref="InvalidOperationException">It is one that would be refused when read.</exception>
    public static byte[] Write(ManifestHead head)
    {
        try
        {
            new ManifestChecks(ObjectNames.Head(head.Machine)).Check(head, head.Machine);
        }
        catch (CorruptObjectException error)
        {
            throw new InvalidOperationException($"The change is not allowed: {error.Message}", error);
        }
        var bytes = JsonSerializer.SerializeToUtf8Bytes(head, ManifestJson.Default.ManifestHead);
        return bytes.Length <= MaxHeadBytes
            ? bytes
            : throw new RefusedException(
                "head-size",
                $"The manifest of '{head.Machine}' would grow to {bytes.Length} bytes; at most "
                + $"{MaxHeadBytes} are allowed. End operations under way before starting others.");
    }

    /// <summary>The bytes of a page.</summary>
    public static byte[] Write(VersionPage page) =>
        JsonSerializer.SerializeToUtf8Bytes(page, ManifestJson.Default.VersionPage);

    /// <summary>How a head is written: with the hash of its bytes beside them.</summary>
    public static WriteOptions HeadOptions(byte[] bytes, string? ifMatch, bool ifAbsent) => new(
        ifMatch, ifAbsent, StorageTier.Hot,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [HashName] = Hash256.Of(bytes).ToString(),
        });

    /// <summary>Reads a head. A copy put back by hand may lack the hash beside it.</summary>
    /// <exception cref="CorruptObjectException">It is damaged.</exception>
    public static ManifestHead ReadHead(byte[] bytes, ObjectProperties properties, string machine)
    {
        RequireHash(bytes, properties);
        var head = Parse(bytes, properties.Name, ManifestJson.Default.ManifestHead);
        new ManifestChecks(properties.Name).Check(head, machine);
        return head;
    }

    /// <summary>Goes on with the bytes that were written, where the hash is kept beside them.</summary>
    internal static void RequireHash(byte[] bytes, ObjectProperties properties)
    {
        if (!properties.Metadata.TryGetValue(HashName, out var expected)) return;
        var found = Hash256.Of(bytes).ToString();
        if (!string.Equals(found, expected, StringComparison.Ordinal))
            throw new CorruptObjectException(
                properties.Name, $"bytes of hash {expected}", $"hash {found}");
    }

    /// <summary>Reads a page, which must hash to its name.</summary>
    /// <exception cref="CorruptObjectException">It is damaged.</exception>
    public static VersionPage ReadPage(byte[] bytes, string machine, VersionPageReference reference)
    {
        var name = ObjectNames.VersionPage(machine, reference.Hash);
        var found = Hash256.Of(bytes);
        if (found != reference.Hash)
            throw new CorruptObjectException(name, $"bytes of hash {reference.Hash}", $"hash {found}");
        var page = Parse(bytes, name, ManifestJson.Default.VersionPage);
        new ManifestChecks(name).Check(page, machine, reference);
        return page;
    }

    private static T Parse<T>(byte[] bytes, string name, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type)
                ?? throw new CorruptObjectException(name, "a JSON object", "null");
        }
        catch (JsonException error)
        {
            throw new CorruptObjectException(
                name, $"the JSON of a {typeof(T).Name}", error.Message, error);
        }
    }
}
