using System.Text.Json;
using SnapshotFunctions.App.Durable;
using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.App.Http;

/// <summary>What a completed upload came to.</summary>
/// <param name="Job">The job that takes it in.</param>
/// <param name="Closing">What bound it.</param>
public sealed record GrantedReceipt(string Job, UploadClosing Closing)
{
    /// <summary>Whether it was bound by this; without files, any will do.</summary>
    public bool IsFor(UploadClosing again) => string.Equals(
        Text(Closing), Text(again with { Files = again.Files ?? Closing.Files }),
        StringComparison.Ordinal);

    /// <summary>The receipt as bytes.</summary>
    public byte[] ToJson() =>
        JsonSerializer.SerializeToUtf8Bytes(this, DurableJson.Default.GrantedReceipt);

    /// <summary>Reads a receipt; null for none.</summary>
    public static GrantedReceipt? Parse(byte[]? json) => json is null
        ? null
        : JsonSerializer.Deserialize(json, DurableJson.Default.GrantedReceipt);

    private static string Text(UploadClosing closing) =>
        JsonSerializer.Serialize(closing, DurableJson.Default.UploadClosing);
}
