using System.Collections.ObjectModel;

namespace SnapshotFunctions.AzureStore;

/// <summary>The metadata of a write, as the SDK and the port each want it.</summary>
internal static class WriteMetadata
{
    /// <summary>No metadata.</summary>
    public static IReadOnlyDictionary<string, string> None { get; } =
        ReadOnlyDictionary<string, string>.Empty;

    /// <summary>A copy that the SDK may keep; null stays null, and clears what was there.</summary>
    public static Dictionary<string, string>? Copy(IReadOnlyDictionary<string, string>? metadata) =>
        metadata is { Count: > 0 }
            ? new Dictionary<string, string>(metadata, StringComparer.Ordinal)
            : null;

    /// <summary>What a blob's properties or a listing told.</summary>
    public static IReadOnlyDictionary<string, string> Read(IDictionary<string, string>? metadata) =>
        metadata is { Count: > 0 }
            ? new Dictionary<string, string>(metadata, StringComparer.Ordinal)
            : None;
}
