using System.Text;
using System.Text.Json.Nodes;
using SnapshotFunctions.LocalTests.Http.Rigging;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.LocalTests.Http.Description;

/// <summary>
/// Reads the description and calls all that it describes: what answers must be as it says.
/// </summary>
public sealed class EveryRouteTests(ITestOutputHelper output)
{
    private static readonly string[] Methods =
        ["get", "head", "put", "post", "delete", "patch", "options", "trace"];

    [Fact]
    public async Task Every_route_answers_as_it_is_described()
    {
        var (bench, samples) = await RouteSamples.PrepareAsync();
        await using var _ = bench;
        var document = await bench.ReadAsync("/api/openapi.json");
        var faults = new List<string>();
        var answered = new SortedSet<string>(StringComparer.Ordinal);
        var calls = 0;
        foreach (var (template, method, operation) in Operations(document))
        {
            var name = operation["operationId"]!.GetValue<string>();
            await samples.UploadAsync(bench, template);
            if (samples.Good(template) is not { } good)
            {
                faults.Add($"{name}: a parameter of {template} has no sample");
                continue;
            }
            var body = samples.Body(name);
            var takesBytes = operation["requestBody"]?["content"]?["application/octet-stream"]
                is not null;
            if (operation["requestBody"] is { } described && body is null && !takesBytes)
            {
                faults.Add($"{name}: its body has no sample");
                continue;
            }
            else if (body is not null)
            {
                var schema = operation["requestBody"]!["content"]!["application/json"]!["schema"]!;
                faults.AddRange(new SchemaCheck(document).Faults(schema, JsonNode.Parse(body))
                    .Select(f => $"{name}: its sample {f}"));
            }
            await CallAsync(good, isGood: true);
            foreach (var path in samples.Unknown(name, template)) await CallAsync(path, isGood: false);
            foreach (var path in samples.Malformed(template)) await CallAsync(path, isGood: false);
            if (body is not null) body = """{"unknown": 1}""";
            if (body is not null) await CallAsync(good, isGood: false);
            await bench.Jobs.SettleAsync();

            async Task CallAsync(string path, bool isGood)
            {
                calls++;
                path += samples.Query(name);
                var call = $"{method.ToUpperInvariant()} {path}";
                using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), path);
                if (body is not null)
                    request.Content = new StringContent(body, Encoding.UTF8, "application/json");
                if (takesBytes)
                {
                    var bytes = ApiBench.Content(7);
                    request.Content = new ByteArrayContent(bytes);
                    if (RouteSamples.ContentRange(name, bytes.Length) is { } range)
                        request.Content.Headers.TryAddWithoutValidation("Content-Range", range);
                }
                using var response = await bench.Client.SendAsync(request);
                if (response.IsSuccessStatusCode != isGood)
                    faults.Add($"{call}: answered {(int)response.StatusCode}");
                else if (isGood) answered.Add(name);
                await CheckAsync(document, operation, response, call, faults);
            }
        }
        output.WriteLine($"{answered.Count} routes, {calls} calls");
        Assert.Empty(faults);
        Assert.Equal(
            bench.Api.Routes.Select(r => r.Name).Order(StringComparer.Ordinal), answered);
    }

    [Fact]
    public async Task Every_query_parameter_is_taken_as_it_is_described()
    {
        var (bench, samples) = await RouteSamples.PrepareAsync();
        await using var _ = bench;
        var document = await bench.ReadAsync("/api/openapi.json");
        var faults = new List<string>();
        var tried = 0;
        foreach (var (template, method, operation) in Operations(document))
        {
            if (method != "get") continue;
            await samples.UploadAsync(bench, template);
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                if (parameter!["in"]!.GetValue<string>() != "query") continue;
                var schema = parameter["schema"]!;
                var name = parameter["name"]!.GetValue<string>();
                tried++;
                foreach (var value in schema["enum"]?.AsArray() ?? [])
                    await CallAsync($"{name}={value}", 200);
                if (schema["enum"] is not null) await CallAsync($"{name}=other-word", 400);
                if (schema["minimum"] is { } least)
                {
                    await CallAsync($"{name}={least}", 200);
                    await CallAsync($"{name}={least.GetValue<long>() - 1}", 400);
                }
                if (schema["maximum"] is { } most)
                {
                    await CallAsync($"{name}={most}", 200);
                    await CallAsync($"{name}={most.GetValue<long>() + 1}", 400);
                }
                if (schema["type"]!.GetValue<string>() == "integer") await CallAsync($"{name}=x", 400);
                await CallAsync($"{name}={new string('a', 1001)}", 400);
            }

            async Task CallAsync(string query, int expected)
            {
                var needed = samples.Query(operation["operationId"]!.GetValue<string>());
                var path = $"{samples.Good(template)}?{query}";
                if (needed.Length > 0 && !needed.StartsWith(
                    $"?{query.Split('=')[0]}=", StringComparison.Ordinal))
                    path += $"&{needed[1..]}";
                using var response = await bench.GetAsync(path);
                if ((int)response.StatusCode != expected)
                    faults.Add($"{path}: expected {expected}, found {(int)response.StatusCode}");
                await CheckAsync(document, operation, response, path, faults);
            }
        }
        Assert.Empty(faults);
        Assert.True(tried >= 15, $"{tried} parameters");
    }

    private static IEnumerable<(string Template, string Method, JsonNode Operation)> Operations(
        JsonObject document)
    {
        foreach (var (template, path) in document["paths"]!.AsObject())
            foreach (var (method, operation) in path!.AsObject())
                if (Methods.Contains(method)) yield return (template, method, operation!);
    }

    /// <summary>The answer has a described status, its headers, and content of its schema.</summary>
    private static async Task CheckAsync(
        JsonObject document, JsonNode operation, HttpResponseMessage response, string call,
        List<string> faults)
    {
        var status = $"{(int)response.StatusCode}";
        if (operation["responses"]![status] is not { } described)
        {
            faults.Add($"{call}: {status} is not described");
            return;
        }
        if (described["$ref"]?.GetValue<string>() is { } reference)
            described = document["components"]!["responses"]![reference.Split('/')[^1]]!;
        foreach (var (header, _) in described["headers"]?.AsObject() ?? [])
            if (!response.Headers.Contains(header) && !response.Content.Headers.Contains(header))
                faults.Add($"{call}: {status} lacks the header {header}");
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var content = described["content"]?.AsObject();
        if (content is null)
        {
            if (bytes.Length > 0) faults.Add($"{call}: {status} has a body, and none is described");
            return;
        }
        var type = response.Content.Headers.ContentType?.MediaType ?? "none";
        if (!content.TryGetPropertyValue(type, out var media))
        {
            faults.Add($"{call}: {status} has content of type {type}");
            return;
        }
        if (media!["schema"] is not { } schema
            || !type.EndsWith("json", StringComparison.Ordinal)) return;
        faults.AddRange(new SchemaCheck(document).Faults(schema, JsonNode.Parse(bytes))
            .Select(fault => $"{call}: {status} {fault}"));
    }
}
