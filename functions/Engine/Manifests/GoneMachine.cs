using System.Text.Json;
using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// What stays of a machine that was deleted: numbers that a new one of its name begins above, so
/// that what a late worker writes is never taken for the new machine's.
/// </summary>
/// <param name="NextOperation">The next operation's number.</param>
/// <param name="NextVersion">The next version's number.</param>
/// <param name="Time">When the machine was deleted.</param>
public sealed record GoneMachine(long NextOperation, int NextVersion, DateTimeOffset Time)
{
    private const int MostBytes = 4096;

    /// <summary>What a new machine of a name begins with.</summary>
    /// <exception cref="CorruptObjectException">What stayed of an old one is damaged.</exception>
    internal static async Task<GoneMachine> NumbersAsync(
        IObjectStore store, string machine, CancellationToken cancellation)
    {
        var name = ObjectNames.Gone(machine);
        try
        {
            var (bytes, _) = await store.ReadWholeAsync(name, MostBytes, cancellation);
            var found = JsonSerializer.Deserialize(bytes, GoneJson.Default.GoneMachine);
            return found is { NextOperation: >= 1, NextVersion: >= 1 }
                ? found
                : throw new CorruptObjectException(name, "numbers from 1 up", $"{found}");
        }
        catch (ObjectNotFoundException)
        {
            return new GoneMachine(1, 1, default);
        }
        catch (JsonException error)
        {
            throw new CorruptObjectException(name, "the JSON of a deleted machine", error.Message, error);
        }
    }

    /// <summary>Keeps the numbers of a machine that is about to go.</summary>
    internal static Task KeepAsync(
        IObjectStore store, ManifestHead head, DateTimeOffset now, CancellationToken cancellation) =>
        store.PutAsync(
            ObjectNames.Gone(head.Machine),
            JsonSerializer.SerializeToUtf8Bytes(
                new GoneMachine(head.NextOperation, head.NextVersion, now),
                GoneJson.Default.GoneMachine),
            new WriteOptions(Tier: StorageTier.Hot), cancellation);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(GoneMachine))]
internal sealed partial class GoneJson : JsonSerializerContext;
