using System.Text.Json;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>
/// What the account was asked for at high priority within the last hour, by all machines and jobs:
/// a small object beside them, changed by compare-and-swap. Nothing else depends on it; without it
/// the service itself would make what comes too much wait.
/// </summary>
internal sealed class HighRequests(
    IObjectStore store, TimeProvider time, RehydrationMargins margins)
{
    /// <summary>Where it lies.</summary>
    public const string ObjectName = "rehydrations/high.json";

    private const int MostBytes = 4 << 20;
    private const int MostAttempts = 32;

    /// <summary>Lets as many of some objects through, in order, as the hour has room for.</summary>
    /// <param name="key">Names the wish; asked again it gets the same answer.</param>
    /// <param name="lengths">The objects' lengths.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>How many, and when there may be room for more.</returns>
    public async Task<StartedRehydration> GrantAsync(
        string key, IReadOnlyList<long> lengths, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var now = time.GetUtcNow();
            var (all, etag) = await ReadAsync(cancellation);
            var lately = all.Where(r => r.At + margins.HighTime > now).ToList();
            var granted = lately.Find(r => string.Equals(r.Key, key, StringComparison.Ordinal));
            if (granted is null)
            {
                var used = lately.Sum(r => r.Bytes);
                var (count, bytes) = Fitting(lengths, used);
                if (count == 0)
                    return new StartedRehydration(0, lately.Min(r => r.At) + margins.HighTime);
                granted = new HighRequest(key, now, count, bytes);
                lately.Add(granted);
                if (!await TryWriteAsync(lately, etag, attempt, cancellation)) continue;
            }
            return new StartedRehydration(
                granted.Count,
                granted.Count < lengths.Count ? lately.Min(r => r.At) + margins.HighTime : null);
        }
    }

    /// <summary>One that is larger than a whole hour's room goes alone.</summary>
    private (int Count, long Bytes) Fitting(IReadOnlyList<long> lengths, long used)
    {
        var (count, bytes) = (0, 0L);
        while (count < lengths.Count
            && (used + bytes + lengths[count] <= margins.MostHighBytes || used + bytes == 0))
        {
            bytes += lengths[count];
            count++;
        }
        return (count, bytes);
    }

    private async Task<(List<HighRequest> Requests, string? ETag)> ReadAsync(
        CancellationToken cancellation)
    {
        try
        {
            var (bytes, properties) = await store.ReadWholeAsync(
                ObjectName, MostBytes, cancellation);
            return (Parse(bytes), properties.ETag);
        }
        catch (ObjectNotFoundException)
        {
            return ([], null);
        }
    }

    private async Task<bool> TryWriteAsync(
        List<HighRequest> requests, string? etag, int attempt, CancellationToken cancellation)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(
            requests, RehydrationStepJson.Default.ListHighRequest);
        try
        {
            await store.PutAsync(
                ObjectName, bytes,
                etag is null ? WriteOptions.Create() : WriteOptions.Replace(etag), cancellation);
            return true;
        }
        catch (OvertakenException) when (attempt < MostAttempts)
        {
            // Another step was first; what it took counts.
            return false;
        }
    }

    /// <summary>What cannot be read is as good as nothing: it is a courtesy to the service.</summary>
    private static List<HighRequest> Parse(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(
                bytes, RehydrationStepJson.Default.ListHighRequest) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
