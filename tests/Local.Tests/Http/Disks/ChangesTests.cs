using System.Text.Json;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Disks;

public sealed class ChangesTests(DiskFixture fixture) : IClassFixture<DiskFixture>
{
    private DiskServer Server => fixture.Server;

    [Theory]
    [InlineData(false, 100)]
    [InlineData(true, 100)]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public async Task The_ranges_of_all_pages_are_exactly_the_units_that_differ(
        bool sectors, int top)
    {
        var unit = sectors ? 256 : 1024;
        foreach (var from in Server.Versions.Keys)
        {
            foreach (var to in Server.Versions.Keys)
            {
                var found = await AllAsync(to, $"since={from}&top={top}"
                    + (sectors ? "&sectors=true" : string.Empty));
                Assert.Equal(
                    Differing(Server.Versions[from], Server.Versions[to], unit), found);
            }
        }
    }

    [Fact]
    public async Task The_document_tells_both_sizes_and_what_was_compared()
    {
        var answer = await Server.GetAsync($"{DiskServer.Path(3)}/changes?since=2");
        Assert.Equal((200, "application/json"), (answer.Status, answer["Content-Type"]));
        var document = answer.Json;
        Assert.Equal(
            ("vm", "disk0", 3, 2, Server.Versions[3].Length, Server.Versions[2].Length, 1024),
            (Text("machine"), Text("disk"), Number("version"), Number("since"),
                Number("sizeBytes"), Number("sinceSizeBytes"), Number("unitBytes")));

        string Text(string name) => document.GetProperty(name).GetString()!;
        int Number(string name) => document.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Nothing_differs_since_the_version_itself()
    {
        Assert.Empty(await AllAsync(2, "since=2"));
        var newest = Server.Versions.Keys.Max();
        Assert.Empty(await AllAsync("latest", $"since={newest}"));
    }

    [Fact]
    public async Task A_page_begins_within_a_range_where_it_is_told_to()
    {
        var all = await AllAsync(4, "since=1");
        var (offset, length) = all.First(r => r.Length > 1024 && r.Offset + 1024 < 70_000);
        var rest = await AllAsync(4, $"since=1&after={offset + 1024}");
        Assert.Equal((offset + 1024, length - 1024), rest[0]);
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("since=x", 400)]
    [InlineData("since=0", 400)]
    [InlineData("since=1&sectors=yes", 400)]
    [InlineData("since=1&after=-1", 400)]
    [InlineData("since=1&top=0", 400)]
    [InlineData("since=1&top=1001", 400)]
    [InlineData("since=99", 404)]
    public async Task What_cannot_be_compared_is_a_problem(string query, int status) =>
        Assert.Equal(
            status, (await Server.GetAsync($"{DiskServer.Path(2)}/changes?{query}")).Status);

    private Task<List<(long Offset, long Length)>> AllAsync(int version, string query) =>
        AllAsync($"{version}", query);

    private async Task<List<(long Offset, long Length)>> AllAsync(string version, string query)
    {
        var found = new List<(long, long)>();
        for (var path = $"{DiskServer.Path(version)}/changes?{query}"; path is not null;)
        {
            var answer = await Server.GetAsync(path);
            Assert.Equal(200, answer.Status);
            foreach (var range in answer.Json.GetProperty("ranges").EnumerateArray())
                found.Add((
                    range.GetProperty("offset").GetInt64(), range.GetProperty("length").GetInt64()));
            path = answer.Json.TryGetProperty("next", out var next)
                && next.ValueKind == JsonValueKind.String ? next.GetString() : null;
        }
        return found;
    }

    private static List<(long, long)> Differing(byte[] one, byte[] other, int unit)
    {
        var length = Math.Max(one.Length, other.Length);
        Array.Resize(ref one, length);
        Array.Resize(ref other, length);
        var found = new List<(long Offset, long Length)>();
        for (var at = 0; at < length; at += unit)
        {
            var end = Math.Min(at + unit, length);
            if (one.AsSpan(at, end - at).SequenceEqual(other.AsSpan(at, end - at))) continue;
            if (found.Count > 0 && found[^1].Offset + found[^1].Length == at)
                found[^1] = (found[^1].Offset, end - found[^1].Offset);
            else
                found.Add((at, end - at));
        }
        return found;
    }
}
