using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.LocalTests.Http.Rigging;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Machines;

/// <summary>
/// A policy is replaced as a whole, over the state that was read, and never by oversight.
/// </summary>
public sealed class PolicyRouteTests
{
    private const string Path = "/api/machines/vm/policy";

    [Fact]
    public async Task What_is_read_can_be_put_back_under_its_ETag_and_under_no_other()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.Engine.Manifests.CreateAsync("vm", ApiBench.Layout, MachinePolicy.Default);
        var (policy, tag) = await GetAsync(bench);
        policy["grace"] = "20m";
        using (var first = await PutAsync(bench, Path, policy, tag))
        {
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
            Assert.NotEqual(tag, first.Headers.ETag!.Tag);
        }

        policy["grace"] = "30m";
        Assert.Equal(
            (412, "precondition-failed"),
            await ApiBench.ProblemAsync(PutAsync(bench, Path, policy, tag)));
        Assert.Equal("20m", (await GetAsync(bench)).Policy["grace"]!.GetValue<string>());
        using (var several = await PutAsync(
            bench, Path, policy, $"\"0\", {(await GetAsync(bench)).Tag}"))
            Assert.Equal(HttpStatusCode.OK, several.StatusCode);
        foreach (var any in new[] { "*", null })
        {
            using var answer = await PutAsync(bench, Path, policy, any);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        Assert.Equal("30m", (await GetAsync(bench)).Policy["grace"]!.GetValue<string>());
    }

    [Fact]
    public async Task One_that_would_expire_versions_is_refused_until_that_is_allowed()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.Engine.Manifests.CreateAsync("vm", ApiBench.Layout, MachinePolicy.Default);
        for (var day = 1; day <= 5; day++) await AddAsync(bench, day);
        var (policy, tag) = await GetAsync(bench);
        policy["keep"] = new JsonObject { ["last"] = 2 };

        Assert.Equal(
            (409, "refused-expires-versions"),
            await ApiBench.ProblemAsync(PutAsync(bench, Path, policy, tag)));
        Assert.Equal(
            (409, "refused-expires-versions"),
            await ApiBench.ProblemAsync(PutAsync(bench, $"{Path}?allowExpiry=false", policy, tag)));
        var (status, _) = await ApiBench.ProblemAsync(
            PutAsync(bench, $"{Path}?allowExpiry=1", policy, tag));
        Assert.Equal(400, status);
        Assert.Equal(tag, (await GetAsync(bench)).Tag);

        using var set = await PutAsync(bench, $"{Path}?allowExpiry=true", policy, tag);
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        var document = JsonNode.Parse(await set.Content.ReadAsStringAsync())!;
        Assert.Equal(
            [1, 2, 3], document["expires"]!.AsArray().Select(v => v!.GetValue<int>()));
        var (now, after) = await GetAsync(bench);
        Assert.Equal(set.Headers.ETag!.Tag, after);
        Assert.Equal(2, now["keep"]!["last"]!.GetValue<int>());
    }

    [Fact]
    public async Task What_is_no_policy_changes_nothing()
    {
        await using var bench = await ApiBench.StartAsync();
        await bench.Engine.Manifests.CreateAsync("vm", ApiBench.Layout, MachinePolicy.Default);
        var (policy, tag) = await GetAsync(bench);
        policy["keep"]!["last"] = -1;
        Assert.Equal(400, (await ApiBench.ProblemAsync(PutAsync(bench, Path, policy, tag))).Status);
        Assert.Equal(tag, (await GetAsync(bench)).Tag);
        Assert.Equal(
            404,
            (await ApiBench.ProblemAsync(
                PutAsync(bench, "/api/machines/none/policy", (await GetAsync(bench)).Policy, null)))
            .Status);
    }

    /// <summary>A version of some day in January; nothing lies in storage for it.</summary>
    private static Task<Manifest> AddAsync(ApiBench bench, int day) =>
        bench.Engine.Manifests.UpdateAsync("vm", edit =>
        {
            edit.AddVersion(new VersionRecord
            {
                Number = edit.ReserveVersion(),
                State = VersionState.Ready,
                Time = new DateTimeOffset(2026, 1, day, 12, 0, 0, TimeSpan.Zero),
                Parent = day > 1 ? day - 1 : null,
                Operation = day,
                Fingerprint = Hash256.Of([(byte)day]),
                Disks = [],
            });
            return ValueTask.CompletedTask;
        });

    private static async Task<(JsonObject Policy, string Tag)> GetAsync(ApiBench bench)
    {
        using var answer = await bench.GetAsync(Path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject(),
            answer.Headers.ETag!.Tag);
    }

    private static Task<HttpResponseMessage> PutAsync(
        ApiBench bench, string path, JsonObject policy, string? ifMatch)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path)
        {
            Content = new StringContent(policy.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return bench.Client.SendAsync(request);
    }
}
