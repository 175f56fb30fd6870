using System.Text.Json;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Http;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Time;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Disks;

/// <summary>Reads of what is archived, and the way back.</summary>
public sealed class ArchivedTests
{
    [Fact]
    public async Task A_read_of_archived_data_says_what_bringing_it_back_would_take()
    {
        await using var server = await ServerAsync();
        var archived = await server.ArchiveAsync();
        var answer = await server.GetAsync(DiskServer.Path(4));
        Assert.Equal((409, "application/problem+json"), (answer.Status, answer["Content-Type"]));
        Assert.Null(answer["ETag"]);
        Assert.Equal("/api/problems/archived", answer.Json.GetProperty("type").GetString());
        Assert.Equal("object-archived", answer.Json.GetProperty("code").GetString());
        var offer = answer.Json.GetProperty("rehydration");
        // By the model: a delta is needed unless what it changed was all changed again after it.
        Assert.InRange(Number(offer, "objects"), 1, archived.Count);
        Assert.InRange(Number(offer, "bytes"), 1, archived.Sum(a => a.LengthBytes));
        Assert.Equal(
            (0, 15, 1),
            (Number(offer, "underway"), Number(offer, "standardHours"), Number(offer, "highHours")));
        Assert.Equal(
            $"/api/machines/vm/versions/4/rehydrate?disk=disk0&offset=0&length={server.Versions[4].Length}",
            offer.GetProperty("start").GetString());
        Assert.Equal(200, (await server.AskAsync("HEAD", DiskServer.Path(4))).Status);
    }

    [Fact]
    public async Task A_range_that_the_base_alone_gives_is_read_though_deltas_are_archived()
    {
        await using var server = await ServerAsync();
        await server.ArchiveAsync();
        Assert.Equal(server.Versions[1], (await server.GetAsync(DiskServer.Path(1))).Body);
        var (answered, archived) = (0, 0);
        for (var at = 0; at + 1024 <= server.Versions[4].Length; at += 1024)
        {
            var answer = await server.GetAsync(DiskServer.Path(4), $"Range: bytes={at}-{at + 1023}");
            if (answer.Status == 206)
            {
                answered++;
                Assert.Equal(server.Versions[4][at..(at + 1024)], answer.Body);
                continue;
            }
            archived++;
            Assert.InRange(Number(answer.Json.GetProperty("rehydration"), "objects"), 1, 3);
        }
        Assert.InRange(answered, 1, int.MaxValue);
        Assert.InRange(archived, 1, int.MaxValue);
    }

    [Theory]
    [InlineData("standard", 15)]
    [InlineData("high", 1)]
    public async Task The_start_link_leads_to_a_job_that_ends_when_all_can_be_read(
        string priority, int hours)
    {
        await using var server = await ServerAsync();
        await server.ArchiveAsync();
        var problem = await server.GetAsync(DiskServer.Path(4), "Range: bytes=0-40000");
        var offer = problem.Json.GetProperty("rehydration");
        var start = $"{offer.GetProperty("start").GetString()}&priority={priority}";
        var answer = await server.AskAsync("POST", start, "Idempotency-Key: one");
        Assert.Equal(202, answer.Status);
        var job = answer.Json.GetProperty("id").GetString()!;
        Assert.Equal($"/api/jobs/{job}", answer["Location"]);
        Assert.Equal(
            job, (await server.AskAsync("POST", start, "Idempotency-Key: one"))
                .Json.GetProperty("id").GetString());

        var result = await server.Jobs.Runner.RunToEndAsync(RehydrateNames.Rehydrate, job);
        Assert.Equal(
            (4, "disk0", Number(offer, "objects"), Number(offer, "bytes")),
            (result.Version, result.Disk, result.Objects, result.Bytes));
        Assert.InRange(result.WaitedSeconds, hours * 3600, (hours * 3600) + 1800);
        var read = await server.GetAsync(DiskServer.Path(4), "Range: bytes=0-40000");
        Assert.Equal(server.Versions[4][..40001], read.Body);
    }

    [Theory]
    [InlineData("usual", 15)]
    [InlineData("high", 1)]
    public async Task A_restore_that_asks_for_it_brings_archived_data_back_and_lets_it_go(
        string wish, int hours)
    {
        await using var server = await ServerAsync();
        await server.ArchiveAsync();
        var plain = await server.PostAsync(
            "/api/machines/vm/versions/4/restore", """{"target":"out.raw"}""");
        Assert.Equal(202, plain.Status);
        var refused = await Assert.ThrowsAsync<StepFailedException>(
            () => server.Jobs.Runner.RunToEndAsync(
                RestoreNames.Restore, plain.Json.GetProperty("id").GetString()!));
        Assert.Equal("refused-archived", refused.Code);

        var start = server.StoreTime.GetUtcNow();
        var answer = await server.PostAsync(
            "/api/machines/vm/versions/4/restore",
            $$"""{"target":"out.raw","rehydrate":"{{wish}}"}""");
        var result = await server.Jobs.Runner.RunToEndAsync(
            RestoreNames.Restore, answer.Json.GetProperty("id").GetString()!);
        Assert.InRange(result.RehydratedObjects, 1, 100);
        Assert.Equal(server.Versions[4], server.Targets[Assert.Single(server.Targets.Names)]);
        Assert.InRange(
            (server.StoreTime.GetUtcNow() - start).TotalHours, hours, hours + 0.5);
        Assert.Equal(409, (await server.GetAsync(DiskServer.Path(4))).Status);
        Assert.Equal(400, (await server.PostAsync(
            "/api/machines/vm/versions/4/restore",
            """{"target":"a","rehydrate":"now"}""")).Status);
    }

    [Fact]
    public async Task What_is_on_its_way_is_told_of()
    {
        await using var server = await ServerAsync();
        foreach (var found in await server.ArchiveAsync())
            await server.Delta.SetTierAsync(found.Name, StorageTier.Cool);
        var offer = (await server.GetAsync(DiskServer.Path(4))).Json.GetProperty("rehydration");
        Assert.InRange(Number(offer, "underway"), 1, 100);
        Assert.Equal(Number(offer, "objects"), Number(offer, "underway"));
    }

    [Theory]
    [InlineData("4", "?priority=fast", 400)]
    [InlineData("4", "?offset=-1", 400)]
    [InlineData("4", "?offset=99999999", 400)]
    [InlineData("4", "?disk=..", 400)]
    [InlineData("4", "?disk=other", 404)]
    [InlineData("99", "", 404)]
    public async Task What_cannot_be_brought_back_is_refused(string version, string query, int status)
    {
        await using var server = await ServerAsync();
        var answer = await server.AskAsync(
            "POST", $"/api/machines/vm/versions/{version}/rehydrate{query}");
        Assert.Equal(status, answer.Status);
    }

    private static Task<DiskServer> ServerAsync() => DiskServer.StartAsync(
        TinyDisks.Row(23, 4),
        options: new ApiOptions { PieceBytes = 4096, ReadBudgetBytes = 64 << 10 },
        storeTime: new ManualTimeProvider(jumps: true));

    private static long Number(JsonElement element, string name) =>
        element.GetProperty(name).GetInt64();
}
