using System.Text.Json;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// What a clone began from, written once beside its manifest, in both placements: without it no
/// rebuild could tell where the blocks are that the clone never stored.
/// </summary>
public sealed record OriginNote
{
    /// <summary>The only format there is so far.</summary>
    public const int CurrentFormat = 1;

    private const int MostBytes = 64 << 20;

    /// <summary>The format.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The clone.</summary>
    public required string Machine { get; init; }

    /// <summary>The operation that made it.</summary>
    public required long Operation { get; init; }

    /// <summary>The sizes that it is cut by.</summary>
    public required Layout Layout { get; init; }

    /// <summary>What it began from.</summary>
    public required OriginRecord Origin { get; init; }

    /// <summary>The disks as they are there.</summary>
    public required IReadOnlyList<OriginShards> Disks { get; init; }

    /// <summary>
    /// The version that it began with, without its tables; null where its first snapshot was that.
    /// </summary>
    public VersionRecord? First { get; init; }

    /// <summary>Writes it to a placement; what lies there under its name already is the same.</summary>
    public Task WriteAsync(IObjectStore store, CancellationToken cancellation)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.OriginNote);
        return PutOnceAsync(store, bytes, cancellation);
    }

    /// <summary>Reads one.</summary>
    /// <exception cref="CorruptObjectException">It is damaged, or of another clone.</exception>
    public static async Task<OriginNote> ReadAsync(
        IObjectStore store, string name, string machine, CancellationToken cancellation)
    {
        var (bytes, properties) = await store.ReadWholeAsync(name, MostBytes, cancellation);
        ManifestCodec.RequireHash(bytes, properties);
        try
        {
            var found = JsonSerializer.Deserialize(bytes, ManifestJson.Default.OriginNote);
            if (found is not { Format: CurrentFormat } || !string.Equals(
                name, ObjectNames.Origin(found.Machine, found.Operation), StringComparison.Ordinal))
                throw new CorruptObjectException(
                    name, $"the origin of '{machine}' in format {CurrentFormat}",
                    $"that of '{found?.Machine}' in format {found?.Format}");
            var checks = new ManifestChecks(name);
            checks.CheckLayout(found.Layout);
            checks.CheckOrigin(found.Origin, machine);
            return found;
        }
        catch (JsonException error)
        {
            throw new CorruptObjectException(
                name, "the JSON of a clone's origin", error.Message, error);
        }
    }

    private async Task PutOnceAsync(
        IObjectStore store, byte[] bytes, CancellationToken cancellation)
    {
        try
        {
            await store.PutAsync(
                ObjectNames.Origin(Machine, Operation), bytes,
                ManifestCodec.HeadOptions(bytes, ifMatch: null, ifAbsent: true), cancellation);
        }
        catch (OvertakenException)
        {
            // From this writer's lost answer or a twin's: an operation makes one clone.
        }
    }
}
