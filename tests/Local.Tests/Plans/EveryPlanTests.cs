using System.CommandLine;
using System.Text.Json.Nodes;
using SnapshotFunctions.Http.Routing;
using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.LocalTests.Commands;
using SnapshotFunctions.LocalTests.Http.Description;
using SnapshotFunctions.LocalTests.Http.Rigging;
using SnapshotFunctions.LocalTests.Mounting;
using SnapshotFunctions.LocalTests.Serving;
using Xunit;

namespace SnapshotFunctions.LocalTests.Plans;

/// <summary>
/// Whatever moves data can be asked what it would take, and then writes nothing. What is not asked
/// stands here with its reason: a command or a route that is new fails until it does either.
/// </summary>
public sealed class EveryPlanTests : IDisposable
{
    private const string OnlyReads = "gives out what is stored, and stores nothing";
    private const string OnlyNotes = "writes a few words into the manifest, and moves no data";

    /// <summary>The routes that start no work on data of a machine.</summary>
    private static readonly Dictionary<string, string> UnplannedPosts = new(StringComparer.Ordinal)
    {
        ["SimulatePolicy"] = "tells what a policy would keep, which is a plan itself",
        ["CompleteUpload"] = "binds what is uploaded; after which version it comes, and so what "
            + "it takes, is known when it is its machine's turn",
        ["OpenMount"] = "writes a record and a pin, and moves no data",
    };

    /// <summary>The commands that move no data, and those that are no single work.</summary>
    private static readonly Dictionary<string, string> Unplanned = new(StringComparer.Ordinal)
    {
        ["demo"] = "shows off on a store of its own, which it makes",
        ["inspect"] = OnlyReads,
        ["list"] = OnlyReads,
        ["show"] = OnlyReads,
        ["read"] = OnlyReads,
        ["files"] = OnlyReads,
        ["diff"] = OnlyReads,
        ["tree"] = OnlyReads,
        ["cost"] = OnlyReads,
        ["prices"] = OnlyReads,
        ["mounts"] = OnlyReads,
        ["policy show"] = OnlyReads,
        ["policy simulate"] = OnlyReads,
        ["policy set"] = OnlyNotes,
        ["pin"] = OnlyNotes,
        ["unpin"] = OnlyNotes,
        ["hold"] = OnlyNotes,
        ["release"] = OnlyNotes,
        ["mount"] = OnlyNotes,
        ["mount discard"] = "drops files of this machine and a pin",
        ["serve"] = "does what it is asked, each of which can be planned",
    };

    private readonly CommandBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Every_command_takes_a_plan_that_changes_nothing_or_says_why_not()
    {
        await _bench.IngestDemoAsync("web", 3);
        await _bench.IngestDemoAsync("desk", 1);
        await _bench.OkAsync("clone", "web", "2", "copy");
        string mount;
        await using (var serving = await MountProcess.StartAsync(_bench, "desk", "1", "--writable"))
        {
            mount = serving.Id;
            await serving.StopAsync();
        }
        var samples = new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["ingest"] = ["web", CommandBench.Images[3].Path],
            ["restore"] = ["web", "2", "--out", _bench["planned.raw"]],
            ["consolidate"] = ["web", "--base", "1"],
            ["clone"] = ["web", "1", "other"],
            ["flatten"] = ["copy"],
            ["tier"] = ["web"],
            ["undo"] = ["web"],
            ["expire"] = ["web", "1"],
            ["retention"] = ["web"],
            ["verify"] = ["web", "--full", "--repair"],
            ["upkeep"] = ["web"],
            ["purge"] = ["copy"],
            ["rebuild"] = ["web", "--force"],
            ["mount commit"] = [mount, "--to", "mounted"],
        };
        var commands = Leaves(CommandLineHost.Root(new CommandShell(
            new Local.Rendering.HostConsole(Stream.Null, TextWriter.Null), TimeProvider.System)));
        var before = Files();
        var planned = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, command) in commands)
        {
            var takes = command.Options.Any(o => o.Name == "--plan");
            Assert.True(
                takes != Unplanned.ContainsKey(name),
                $"'{name}': either it takes --plan or it stands here with its reason.");
            if (!takes) continue;
            planned.Add(name);
            var plan = await _bench.JsonAsync([.. name.Split(' '), .. samples[name], "--plan"]);
            Assert.NotEmpty(plan.GetProperty("usage").GetProperty("lines").EnumerateArray());
            Assert.Equal(before, Files());
        }
        Assert.Equal(samples.Keys.Order(StringComparer.Ordinal), planned);
        Assert.Empty(Unplanned.Keys.Except(commands.Select(c => c.Name)));
        // The mount is there as it was, and can still be committed.
        Assert.Equal(
            2, (await _bench.JsonAsync("mount", "commit", mount, "--to", "mounted", "--show-plan"))
                .GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Every_post_takes_a_plan_that_changes_nothing_or_says_why_not()
    {
        var (bench, samples) = await RouteSamples.PrepareAsync();
        await using var _ = bench;
        var jobs = (await bench.ReadAsync("/api/jobs"))["jobs"]!.AsArray().Count;
        var posts = bench.Api.Routes.Where(r => r.Method == "POST").ToList();
        foreach (var route in posts)
        {
            var takes = route.About.Parameters.Any(p => p is { Name: "plan", In: "query" });
            Assert.True(
                takes != UnplannedPosts.ContainsKey(route.Name),
                $"{route.Name}: either it takes plan=true or it stands here with its reason.");
            if (!takes) continue;
            if (OfMount(route)) await samples.UploadAsync(bench, route.Template);
            var (inBase, inDelta) = (bench.Base.Fingerprint(), bench.Delta.Fingerprint());
            var query = samples.Query(route.Name) is { Length: > 0 } needed ? $"{needed}&" : "?";
            var path = $"/api/{samples.Good(route.Template)}{query}plan=true";
            var body = samples.Body(route.Name);
            using var answer = await bench.PostAsync(
                path, route.Name is "StartUndo" ? null : body, key: "same");
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode == 200, $"{path}: {answer.StatusCode} {text}");
            Assert.NotEmpty(JsonNode.Parse(text)!["usage"]!["lines"]!.AsArray());
            Assert.Equal(inBase, bench.Base.Fingerprint());
            Assert.Equal(inDelta, bench.Delta.Fingerprint());
        }
        Assert.Equal(jobs, (await bench.ReadAsync("/api/jobs"))["jobs"]!.AsArray().Count);
        Assert.Empty(UnplannedPosts.Keys.Except(posts.Select(r => r.Name)));
    }

    [Fact]
    public async Task Every_post_that_starts_a_job_starts_it_on_a_serving_host()
    {
        await using var bench = await WebBench.StartAsync(demoVersions: 3);
        var samples = new RouteSamples();
        foreach (var route in bench.Api.Routes.Where(r => r.Method == "POST"
            && !UnplannedPosts.ContainsKey(r.Name)))
        {
            var path = $"/api/{samples.Good(route.Template)}{samples.Query(route.Name)}"
                .Replace("/vm/", "/web/", StringComparison.Ordinal)
                .Replace("/3/", "/1/", StringComparison.Ordinal);
            if (OfMount(route)) path = await MountedAsync(bench, route);
            var body = samples.Body(route.Name)?.Replace("5", "3", StringComparison.Ordinal);
            using var content = new StringContent(
                body ?? string.Empty, System.Text.Encoding.UTF8, "application/json");
            // Held until all were started: they take each other's versions away.
            using var pass = await bench.Engine.Gates.EnterAsync("web", default);
            using var answer = await bench.Client.PostAsync(
                new Uri(path, UriKind.Relative), body is null ? null : content);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode == 202, $"{path}: {answer.StatusCode} {text}");
            await bench.Jobs.RequestCancelAsync(
                JsonNode.Parse(text)!["id"]!.GetValue<string>(), default);
        }
    }

    private static bool OfMount(ApiRoute route) =>
        route.Template.Contains("{mount}", StringComparison.Ordinal);

    /// <summary>Opens a mount; the path of a route that is about it.</summary>
    private static async Task<string> MountedAsync(WebBench bench, ApiRoute route)
    {
        using var opened = await bench.Client.PostAsync(
            new Uri("/api/machines/web/versions/1/mounts", UriKind.Relative), null);
        opened.EnsureSuccessStatusCode();
        return opened.Headers.Location!.OriginalString + route.Template.Split("{mount}")[1];
    }

    private static List<(string Name, Command Command)> Leaves(Command root, string path = "") =>
    [
        .. root.Subcommands.SelectMany(c =>
        {
            var name = $"{path}{c.Name}";
            var below = Leaves(c, $"{name} ");
            return c.Action is null ? below : [(name, c), .. below];
        }),
    ];

    /// <summary>The store's files; those of mounts are this machine's, which settles them.</summary>
    private List<(string, DateTime, long)> Files() =>
    [
        .. Directory.EnumerateFiles(_bench.Store, "*", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/mounts/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(f => (f, File.GetLastWriteTimeUtc(f), new FileInfo(f).Length)),
    ];
}
