using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using SnapshotFunctions.LocalTests.Http.Rigging;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.LocalTests.Http.Description;

public sealed class DescriptionTests(ITestOutputHelper output)
{
    private const string Path = "/api/openapi.json";

    /// <summary>Set to write docs/openapi.json anew instead of comparing it.</summary>
    private const string Writes = "WRITE_OPENAPI";

    [Fact]
    public async Task The_description_passes_the_validator()
    {
        await using var bench = await ApiBench.StartAsync();
        var document = await bench.Client.GetByteArrayAsync(Path);
        var (code, text) = await NodeTool.RunAsync("Http/Description/validate.mjs", document);
        output.WriteLine(text);
        Assert.True(code == 0, text);
        Assert.StartsWith("OpenAPI 3.1,", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_validator_finds_what_is_wrong()
    {
        await using var bench = await ApiBench.StartAsync();
        var document = await bench.ReadAsync(Path);
        Action<JsonObject>[] faults =
        [
            d => d["paths"]!["/api/jobs"]!["get"]!["parameters"]![0]!.AsObject().Remove("name"),
            d => d["paths"]!["/api/jobs"]!["get"]!["parameters"]![0]!["in"] = "nowhere",
            d => d["components"]!["schemas"]!["JobDocument"]!["type"] = "thing",
            d => d["components"]!["schemas"]!.AsObject().Remove("JobLinks"),
        ];
        foreach (var fault in faults)
        {
            var bad = document.DeepClone().AsObject();
            fault(bad);
            var (code, text) = await NodeTool.RunAsync(
                "Http/Description/validate.mjs", System.Text.Encoding.UTF8.GetBytes(bad.ToJsonString()));
            Assert.True(code == 3, text);
        }
    }

    [Fact]
    public async Task The_copy_in_the_documents_is_the_description()
    {
        await using var bench = await ApiBench.StartAsync();
        var text = await bench.Client.GetStringAsync(Path);
        var file = System.IO.Path.GetFullPath(
            System.IO.Path.Combine(NodeTool.ProjectFolder, "../../docs/openapi.json"));
        if (Environment.GetEnvironmentVariable(Writes) is "1") await File.WriteAllTextAsync(file, text);
        Assert.True(
            text == (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n"),
            $"docs/openapi.json is not what the API answers. Write it anew with: {Writes}=1 dotnet "
            + "test tests/Local.Tests --filter FullyQualifiedName~DescriptionTests");
    }

    [Fact]
    public async Task The_same_build_describes_itself_in_the_same_bytes()
    {
        await using var one = await ApiBench.StartAsync();
        await using var other = await ApiBench.StartAsync();
        Assert.Equal(
            await one.Client.GetByteArrayAsync(Path), await other.Client.GetByteArrayAsync(Path));
    }

    [Fact]
    public async Task A_caller_who_has_the_description_is_not_sent_it_again()
    {
        await using var bench = await ApiBench.StartAsync();
        using var first = await bench.GetAsync(Path);
        var etag = first.Headers.ETag!;
        Assert.False(etag.IsWeak);
        using var again = await AskAsync(bench, HttpMethod.Get, etag);
        Assert.Equal(304, (int)again.StatusCode);
        Assert.Equal(etag, again.Headers.ETag);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        using var other = await AskAsync(bench, HttpMethod.Get, new EntityTagHeaderValue("\"x\""));
        Assert.Equal(200, (int)other.StatusCode);
        using var head = await AskAsync(bench, HttpMethod.Head, null);
        Assert.Equal(200, (int)head.StatusCode);
        Assert.Equal(first.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(etag, head.Headers.ETag);
    }

    [Fact]
    public async Task Every_route_is_described_once_with_its_parameters()
    {
        await using var bench = await ApiBench.StartAsync();
        var document = await bench.ReadAsync(Path);
        var described = document["paths"]!.AsObject().SelectMany(
            p => p.Value!.AsObject().Where(o => o.Key != "parameters").Select(
                o => $"{o.Key.ToUpperInvariant()} {p.Key}")).Order(StringComparer.Ordinal);
        Assert.Equal(
            bench.Api.Routes.Select(r => $"{r.Method} /api/{r.Template}")
                .Order(StringComparer.Ordinal),
            described);
        foreach (var (path, item) in document["paths"]!.AsObject())
            Assert.Equal(
                path.Split('/').Where(s => s.StartsWith('{')).Select(s => s.Trim('{', '}')),
                (item!["parameters"]?.AsArray() ?? []).Select(p => p!["name"]!.GetValue<string>()));
    }

    private static Task<HttpResponseMessage> AskAsync(
        ApiBench bench, HttpMethod method, EntityTagHeaderValue? known)
    {
        var request = new HttpRequestMessage(method, Path);
        if (known is not null) request.Headers.IfNoneMatch.Add(known);
        return bench.Client.SendAsync(request);
    }
}
