using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SnapshotFunctions.App.Intake;

/// <summary>What the queue of uploads carries: which blob has arrived.</summary>
/// <param name="Machine">The machine's folder; the message's session.</param>
/// <param name="Blob">The blob's name in the container.</param>
/// <param name="ETag">Its state.</param>
public sealed record ArrivalMessage(string Machine, string Blob, string ETag)
{
    private const int MostSessionLength = 128;

    /// <summary>The message's id: the same for one state of one blob, however often it is told.</summary>
    public string Id => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Blob}\n{ETag}")));

    /// <summary>The session: one machine's uploads stay in order.</summary>
    public string Session => Machine.Length <= MostSessionLength
        ? Machine
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Machine)));

    /// <summary>The message for a blob.</summary>
    public static ArrivalMessage Of(string blob, string etag) =>
        new(blob.Split('/', 2)[0], blob, etag);

    /// <summary>The message as text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ArrivalJson.Default.ArrivalMessage);

    /// <summary>Reads a message.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static ArrivalMessage Parse(string json) =>
        JsonSerializer.Deserialize(json, ArrivalJson.Default.ArrivalMessage)
            ?? throw new JsonException("The message is null.");
}
