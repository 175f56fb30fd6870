using SnapshotFunctions.LocalTests.Http.Rigging;

namespace SnapshotFunctions.LocalTests.Http.Description;

/// <summary>
/// What a call of any route is filled in with: values that lead to something that is there, and
/// values that do not. A route with a parameter or body that has none here fails its test.
/// </summary>
internal sealed class RouteSamples
{
    private readonly Dictionary<string, string> _good = new(StringComparer.Ordinal)
    {
        ["machine"] = "vm", ["version"] = "2", ["disk"] = "disk0", ["problem"] = "not-found",
    };

    private readonly Dictionary<string, string> _unknown = new(StringComparer.Ordinal)
    {
        ["machine"] = "none", ["version"] = "77", ["disk"] = "none", ["problem"] = "none",
        ["job"] = "none",
    };

    private readonly Dictionary<string, string> _malformed = new(StringComparer.Ordinal)
    {
        ["machine"] = "NO", ["version"] = "zero", ["disk"] = "NO", ["job"] = "NO",
    };

    private readonly Dictionary<string, string> _bodies = new(StringComparer.Ordinal)
    {
        ["StartRestore"] = """{"target": "sample.raw", "format": "qcow2", "overwrite": true}""",
        ["StartConsolidate"] = """{"base": 1}""",
        ["StartUndo"] = """{"version": 4}""",
        ["StartVerify"] = """{"depth": "full", "percent": 20, "rotation": 3}""",
    };

    /// <summary>A bench with a machine of four versions, two jobs, and the samples for it.</summary>
    public static async Task<(ApiBench Bench, RouteSamples Samples)> PrepareAsync()
    {
        var bench = await ApiBench.StartAsync();
        await bench.IngestManyAsync("vm", 4);
        var job = await bench.RunJobAsync("/api/machines/vm/verify", null);
        await bench.RunJobAsync(
            "/api/machines/vm/versions/1/restore", """{"target": "prepared.raw"}""");
        var samples = new RouteSamples();
        samples._good["job"] = job["id"]!.GetValue<string>();
        return (bench, samples);
    }

    /// <summary>The path with values of things that are there; null when one is not known.</summary>
    public string? Good(string template) => Fill(template, _good);

    /// <summary>The path with one value each that names nothing.</summary>
    public IEnumerable<string> Unknown(string template) => WithOne(template, _unknown);

    /// <summary>The path with one value each that is not as it must be.</summary>
    public IEnumerable<string> Malformed(string template) => WithOne(template, _malformed);

    /// <summary>The body of an operation; null when none is known.</summary>
    public string? Body(string operation) => _bodies.GetValueOrDefault(operation);

    private IEnumerable<string> WithOne(string template, Dictionary<string, string> values)
    {
        foreach (var (name, value) in values)
        {
            var marked = $"{{{name}}}";
            if (!template.Contains(marked, StringComparison.Ordinal)) continue;
            yield return Fill(template.Replace(marked, value, StringComparison.Ordinal), _good)!;
        }
    }

    private static string? Fill(string template, Dictionary<string, string> values)
    {
        foreach (var (name, value) in values)
            template = template.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        return template.Contains('{', StringComparison.Ordinal) ? null : template;
    }
}
