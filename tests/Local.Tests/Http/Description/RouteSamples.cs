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
        ["file"] = "vm.conf",
    };

    private readonly Dictionary<string, string> _unknown = new(StringComparer.Ordinal)
    {
        ["machine"] = "none", ["version"] = "77", ["disk"] = "none", ["problem"] = "none",
        ["job"] = "none", ["file"] = "none.bin", ["snapshot"] = "none",
        ["mount"] = "0123456789abcdef",
    };

    private readonly Dictionary<string, string> _malformed = new(StringComparer.Ordinal)
    {
        ["machine"] = "NO", ["version"] = "zero", ["disk"] = "NO", ["job"] = "NO",
        ["file"] = "NO", ["snapshot"] = "NO", ["mount"] = "NO",
    };

    private readonly Dictionary<string, string> _queries = new(StringComparer.Ordinal)
    {
        ["GetDiskChanges"] = "since=1", ["UploadDisk"] = "format=raw",
        ["RehydrateVersion"] = "disk=disk0",
    };

    /// <summary>What makes the thing that it names: there is nothing that it does not know.</summary>
    private static readonly string[] Making = ["UploadDisk", "UploadFile"];

    private int _snapshots;

    private readonly Dictionary<string, string> _bodies = new(StringComparer.Ordinal)
    {
        ["StartRestore"] = """{"target": "sample.raw", "format": "qcow2", "overwrite": true}""",
        ["StartConsolidate"] = """{"base": 1}""",
        // The upload that is completed before makes version 5.
        ["StartUndo"] = """{"version": 5}""",
        ["CompleteUpload"] = """{"disks": ["disk0"], "files": ["vm.conf"], "label": "sample"}""",
        ["SetPolicy"] = """{"keep": {"last": 9}, "verify": {"quick": "1d"}, "grace": "5m"}""",
        ["SimulatePolicy"] = """{"every": "1h", "days": 40, "policy": {"keep": {"daily": 7}}}""",
        ["PinVersion"] = """{"reason": "sample"}""",
        ["HoldMachine"] = """{"reason": "sample"}""",
        ["StartClone"] = """{"name": "sample-clone"}""",
        ["StartCommitMount"] = """{"to": "sample-mount", "label": "sample"}""",
        ["StartPurge"] = """{"cancel": true}""",
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
    public string? Good(string template) => Fill(
        // What other routes are called with must stay there.
        template.EndsWith("/expire", StringComparison.Ordinal)
            ? template.Replace("{version}", "3", StringComparison.Ordinal)
            : template,
        _good);

    /// <summary>The query that an operation needs, behind its path.</summary>
    public string Query(string operation) =>
        _queries.TryGetValue(operation, out var query) ? $"?{query}" : "";

    /// <summary>
    /// Uploads a disk and a machine file for a route that is about an upload, and opens a mount for
    /// one that is about a mount.
    /// </summary>
    public async Task UploadAsync(ApiBench bench, string template)
    {
        if (template.Contains("{mount}", StringComparison.Ordinal))
        {
            using var opened = await bench.PostAsync("/api/machines/vm/versions/2/mounts", null);
            opened.EnsureSuccessStatusCode();
            _good["mount"] = opened.Headers.Location!.OriginalString.Split('/')[^1];
        }
        _good["snapshot"] = $"sample-{++_snapshots}";
        // The hold that another sample has laid on the machine lets nothing expire.
        if (template.EndsWith("/expire", StringComparison.Ordinal))
            (await bench.Client.DeleteAsync("/api/machines/vm/hold")).EnsureSuccessStatusCode();
        if (!template.Contains("{snapshot}", StringComparison.Ordinal)) return;
        foreach (var file in new[] { "disks/disk0?format=raw", "files/vm.conf" })
        {
            using var answer = await bench.Client.PutAsync(
                $"/api/machines/vm/snapshots/{_good["snapshot"]}/{file}",
                new ByteArrayContent(ApiBench.Content(_snapshots)));
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Where the bytes of an operation belong; null where they are all of it.</summary>
    public static string? ContentRange(string operation, int length) =>
        operation == "WriteMountDisk" ? $"bytes 0-{length - 1}/{length}" : null;

    /// <summary>The path with one value each that names nothing.</summary>
    public IEnumerable<string> Unknown(string operation, string template) =>
        Making.Contains(operation) ? [] : WithOne(template, _unknown);

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
