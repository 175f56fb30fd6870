using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Runner;

/// <summary>Reads and writes the objects of jobs, trying again what may pass.</summary>
internal sealed class JobStore(IObjectStore store, TimeProvider time)
{
    private const int MaxObjectBytes = 64 << 20;

    /// <summary>Reads an object; null when there is none.</summary>
    public async Task<T?> ReadAsync<T>(
        string name, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        var content = await ReadBytesAsync(name, cancellation);
        if (content is null)
            return null;
        try
        {
            return JsonSerializer.Deserialize(content, type)
                ?? throw new CorruptObjectException(name, $"a {typeof(T).Name}", "null");
        }
        catch (JsonException error)
        {
            throw new CorruptObjectException(
                name, $"the JSON of a {typeof(T).Name}", error.Message, error);
        }
    }

    /// <summary>
    /// Creates an object. True when it stands as written here, also when the answer to the write
    /// got lost and only the second try found it; false when another's stands there.
    /// </summary>
    public async Task<bool> CreateAsync<T>(
        string name, T value, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(value, type);
        try
        {
            await TryAsync(
                () => store.PutAsync(name, content, WriteOptions.Create(), cancellation),
                cancellation);
            return true;
        }
        catch (OvertakenException)
        {
            var standing = await ReadBytesAsync(name, cancellation);
            return standing.AsSpan().SequenceEqual(content);
        }
    }

    /// <summary>Whether there is an object of that name.</summary>
    public async Task<bool> ExistsAsync(string name, CancellationToken cancellation) =>
        await TryAsync(() => store.FindAsync(name, cancellation), cancellation) is not null;

    /// <summary>The objects under a prefix, in order.</summary>
    public Task<List<ObjectProperties>> ListAsync(string prefix, CancellationToken cancellation) =>
        TryAsync(
            async () =>
            {
                var found = new List<ObjectProperties>();
                await foreach (var item in store.ListAsync(prefix, cancellation))
                    found.Add(item);
                return found;
            },
            cancellation);

    /// <summary>Deletes an object if it is there.</summary>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellation) =>
        TryAsync(() => store.DeleteAsync(name, null, cancellation), cancellation);

    private async Task<byte[]?> ReadBytesAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return (await TryAsync(
                () => store.ReadWholeAsync(name, MaxObjectBytes, cancellation), cancellation)).Content;
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    private async Task<T> TryAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            try
            {
                return await call();
            }
            catch (StoreBusyException error) when (attempt < Retries.MostAttempts)
            {
                wait = Retries.DelayAfter(attempt);
                if (error.RetryAfter > wait)
                    wait = error.RetryAfter.Value;
            }
            await Task.Delay(wait, time, cancellation);
        }
    }
}
