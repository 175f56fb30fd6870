using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.LocalTests.Commands;
using Xunit;

namespace SnapshotFunctions.LocalTests.Serving;

/// <summary>A writable mount over HTTP, and a process that is killed while it is written to.</summary>
public sealed class KilledMountTests : IDisposable
{
    private const int DiskBytes = 8 << 20;
    private const int WriteBytes = 300_000;

    private readonly CommandBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task What_was_acknowledged_is_there_after_kill_9_and_becomes_a_version_of_a_clone()
    {
        var path = _bench.Noise("a.raw", DiskBytes, 51);
        var content = await File.ReadAllBytesAsync(path);
        await _bench.OkAsync("ingest", "web", path);
        string mount;
        var random = new Random(52);
        await using (var killed = await ServeProcess.StartAsync(_bench))
        {
            using var opened = await killed.Client.PostAsync(
                "/api/machines/web/versions/1/mounts", null);
            Assert.Equal(201, (int)opened.StatusCode);
            mount = opened.Headers.Location!.OriginalString;
            for (var i = 0; i < 5; i++)
            {
                var bytes = new byte[WriteBytes];
                random.NextBytes(bytes);
                var offset = random.Next(DiskBytes - WriteBytes);
                await PutAsync(killed, mount, offset, bytes);
                bytes.CopyTo(content, offset);
            }
            // One more is under way; whether it counts is not known, so it writes what is there.
            var late = PutAsync(killed, mount, 0, content[..WriteBytes]);
            await killed.KillAsync();
            await late.ContinueWith(
                static task => _ = task.Exception, CancellationToken.None,
                TaskContinuationOptions.None, TaskScheduler.Default);
        }

        await using var serve = await ServeProcess.StartAsync(_bench);
        Assert.Equal(content, await serve.Client.GetByteArrayAsync($"{mount}/disks/disk0"));
        var job = await serve.StartJobAsync($"{mount}/commit", new { to = "patched" });
        var ended = await serve.EndOfAsync(job);
        Assert.True(
            ended.GetProperty("state").GetString() is "completed", ended.GetRawText());
        Assert.Equal(ExitCodes.Ok, await serve.StopAsync());
        foreach (var (machine, version, expected) in new[]
        {
            ("patched", "2", content), ("web", "1", await File.ReadAllBytesAsync(path)),
        })
        {
            await _bench.OkAsync(
                "restore", machine, version, "--out", _bench["out"], "--overwrite");
            Assert.Equal(expected, await File.ReadAllBytesAsync(_bench["out"]));
            await _bench.OkAsync("verify", machine, "--full");
        }
    }

    private static async Task PutAsync(
        ServeProcess serve, string mount, int offset, byte[] bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{mount}/disks/disk0")
        {
            Content = new ByteArrayContent(bytes),
        };
        request.Content.Headers.TryAddWithoutValidation(
            "Content-Range", $"bytes {offset}-{offset + bytes.Length - 1}/{DiskBytes}");
        using var answer = await serve.Client.SendAsync(request);
        Assert.Equal(204, (int)answer.StatusCode);
    }
}
