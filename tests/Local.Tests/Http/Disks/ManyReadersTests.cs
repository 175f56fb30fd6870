using System.Diagnostics;
using System.Net.Http.Headers;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http;
using SnapshotFunctions.LocalTests.Serving;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.LocalTests.Http.Disks;

/// <summary>Two hundred readers of all versions while the base goes back and forth.</summary>
public sealed class ManyReadersTests(ITestOutputHelper output)
{
    private const int Seed = 31;
    private const int Readers = 200;
    private const int SizeBytes = 9_500_123;
    private const int Versions = 6;

    private static readonly Layout Sizes = new(4096, 65536, 8, 1 << 20, 2 << 20);

    private static readonly ApiOptions Options = new()
    {
        PieceBytes = 256 << 10, ReadBudgetBytes = 4 << 20, OpenViews = 4,
    };

    private long _bytes;
    private int _reads;

    [Fact]
    public async Task No_reader_gets_a_wrong_byte_and_what_is_held_stays_bounded()
    {
        await using var server = await DiskServer.StartAsync(Contents(), Sizes, Options);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            MaxConnectionsPerServer = Readers, PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
        var alone = await RateAsync(async stop =>
        {
            await ReadAsync(client, server, Seed, 60, stop);
        });
        var moves = 0;
        var all = await RateAsync(async _ =>
        {
            using var stop = new CancellationTokenSource();
            var readers = Enumerable.Range(1, Readers)
                .Select(i => Task.Run(() => ReadAsync(client, server, Seed + i, 100_000, stop.Token)))
                .ToList();
            try
            {
                foreach (var version in new[] { 3, Versions, 2, 5, 1, Versions, 1, 4 })
                {
                    await server.ConsolidateAsync(version);
                    moves++;
                }
                // Whoever has not had a turn yet gets one.
                while (Volatile.Read(ref _reads) < Readers * 3 && !readers.Exists(r => r.IsFaulted))
                    await Task.Delay(20);
            }
            finally
            {
                await stop.CancelAsync();
            }
            await Task.WhenAll(readers);
        });
        var reads = server.Services.Reads;
        output.WriteLine(
            $"seed {Seed}: one reader {alone / 1e6:0.0} MB/s, {Readers} readers {all / 1e6:0.0} MB/s "
            + $"over {moves} moves of the base, {_reads} reads; at most {reads.PeakBytes} bytes held");
        // The last answers' readers may have all their bytes just before the shares come back.
        await Waiting.UntilAsync(() => reads is { HeldBytes: 0, Waiting: 0 });
        Assert.InRange(reads.PeakBytes, Options.PieceBytes, Options.ReadBudgetBytes);
        Assert.Equal(8, moves);
    }

    private async Task<double> RateAsync(Func<CancellationToken, Task> work)
    {
        Interlocked.Exchange(ref _bytes, 0);
        var started = Stopwatch.GetTimestamp();
        await work(CancellationToken.None);
        return Interlocked.Read(ref _bytes) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private async Task ReadAsync(
        HttpClient client, DiskServer server, int seed, int most, CancellationToken stop)
    {
        var random = new Random(seed);
        for (var i = 0; i < most && !stop.IsCancellationRequested; i++)
        {
            var version = random.Next(1, Versions + 1);
            var content = server.Versions[version];
            var first = random.Next(content.Length);
            var last = Math.Min(content.Length - 1, first + random.Next(1, 700_000));
            using var request = new HttpRequestMessage(HttpMethod.Get, server.Url(version));
            request.Headers.Range = new RangeHeaderValue(first, last);
            using var answer = await client.SendAsync(request, CancellationToken.None);
            var found = await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
            Assert.Equal(206, (int)answer.StatusCode);
            Assert.True(
                found.AsSpan().SequenceEqual(content.AsSpan(first, last + 1 - first)),
                $"seed {seed}: version {version} differs within {first} to {last}");
            Interlocked.Add(ref _bytes, found.Length);
            Interlocked.Increment(ref _reads);
        }
    }

    private static IEnumerable<byte[]> Contents()
    {
        var random = new Random(Seed);
        var content = new byte[SizeBytes];
        for (var version = 1; version <= Versions; version++)
        {
            // A third of it stays zero; each version changes some stretches.
            for (var change = 0; change < 12; change++)
            {
                var length = random.Next(1, 500_000);
                random.NextBytes(content.AsSpan(random.Next(SizeBytes * 2 / 3 - length), length));
            }
            yield return [.. content];
        }
    }
}
