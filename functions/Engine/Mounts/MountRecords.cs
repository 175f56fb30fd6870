using System.Text.Json;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Mounts;

/// <summary>The records of mounts: read, made, and changed by compare-and-swap.</summary>
/// <param name="store">The base placement.</param>
public sealed class MountRecords(IObjectStore store)
{
    private const int MostBytes = 256 << 10;
    private const int MostAttempts = 16;

    /// <summary>A mount's record with the state of its object; null when there is no such mount.</summary>
    /// <exception cref="CorruptObjectException">It is damaged.</exception>
    public async Task<(MountRecord Record, string ETag)?> FindAsync(
        string machine, string id, CancellationToken cancellation)
    {
        var name = ObjectNames.MountRecord(machine, id);
        try
        {
            var (bytes, properties) = await store.ReadWholeAsync(name, MostBytes, cancellation);
            return (Read(bytes, machine, id, name), properties.ETag);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <summary>A mount's record.</summary>
    /// <exception cref="NoSuchException">There is no such mount.</exception>
    public async Task<MountRecord> LoadAsync(
        string machine, string id, CancellationToken cancellation) =>
        await FindAsync(machine, id, cancellation) is { } found
            ? found.Record : throw NoMount(machine, id);

    /// <summary>Makes a mount's record; answers the one that is there when there is one.</summary>
    public async Task<MountRecord> CreateAsync(MountRecord record, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(record);
        try
        {
            await WriteAsync(record, etag: null, cancellation);
            return record;
        }
        catch (OvertakenException) when (!cancellation.IsCancellationRequested)
        {
            // Our own write, whose answer was lost, or an earlier call of the same key.
            return await LoadAsync(record.Machine, record.Id, cancellation);
        }
    }

    /// <summary>
    /// Changes a record: reads it, makes the change, writes it if nobody else was first, else again
    /// from the newer state. A change that answers its argument writes nothing. It may be made more
    /// than once, and must find what it did before.
    /// </summary>
    /// <exception cref="NoSuchException">There is no such mount.</exception>
    /// <exception cref="OvertakenException">Others were first too many times.</exception>
    public async Task<MountRecord> UpdateAsync(
        string machine, string id, Func<MountRecord, MountRecord> change,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(change);
        for (var attempt = 1; ; attempt++)
        {
            var (record, etag) = await FindAsync(machine, id, cancellation)
                ?? throw NoMount(machine, id);
            var changed = change(record);
            if (changed == record) return record;
            try
            {
                await WriteAsync(changed, etag, cancellation);
                return changed;
            }
            catch (OvertakenException) when (attempt < MostAttempts)
            {
                // Records change a few times in their life: whoever was first is done.
            }
        }
    }

    /// <summary>Removes a record; what it was written as no longer matters.</summary>
    public Task<bool> DeleteAsync(string machine, string id, CancellationToken cancellation) =>
        store.DeleteAsync(ObjectNames.MountRecord(machine, id), ifMatch: null, cancellation);

    /// <summary>The error that there is no such mount.</summary>
    public static NoSuchException NoMount(string machine, string id) => new(
        $"mount '{id}' of '{machine}'",
        "It was committed or dropped, or never was one.");

    private Task<ObjectProperties> WriteAsync(
        MountRecord record, string? etag, CancellationToken cancellation) =>
        store.PutAsync(
            ObjectNames.MountRecord(record.Machine, record.Id),
            JsonSerializer.SerializeToUtf8Bytes(record, MountJson.Default.MountRecord),
            new WriteOptions(
                IfMatch: etag, IfAbsent: etag is null, Tier: StorageTier.Hot,
                Metadata: new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["machine"] = record.Machine, ["mount"] = record.Id, ["kind"] = "mount",
                }),
            cancellation);

    private static MountRecord Read(byte[] bytes, string machine, string id, string name)
    {
        try
        {
            var record = JsonSerializer.Deserialize(bytes, MountJson.Default.MountRecord);
            return record is { Format: MountRecord.FormatVersion, Version: > 0 }
                && string.Equals(record.Machine, machine, StringComparison.Ordinal)
                && string.Equals(record.Id, id, StringComparison.Ordinal)
                && record.SectorBytes is >= 256 and <= 65536
                && record.ShardBytes >= record.SectorBytes
                && record.Disks.All(d => ObjectNames.IsName(d.Name) && d.SizeBytes >= 0)
                ? record
                : throw new CorruptObjectException(
                    name, $"the record of mount {id} of {machine}, format "
                    + $"{MountRecord.FormatVersion}", $"{record}");
        }
        catch (JsonException error)
        {
            throw new CorruptObjectException(name, "the JSON of a mount", error.Message, error);
        }
    }
}
