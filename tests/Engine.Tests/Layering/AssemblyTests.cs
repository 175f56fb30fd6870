using Xunit;

namespace SnapshotFunctions.EngineTests.Layering;

/// <summary>Holds design.md, section 7: which part of the product may know which.</summary>
public sealed class AssemblyTests
{
    private const string Own = "SnapshotFunctions.";

    /// <summary>Folder of functions/: its assembly, the folders it may know, the SDKs it may not.</summary>
    private static readonly Dictionary<string, Rule> Rules = new(StringComparer.Ordinal)
    {
        ["Engine"] = new("SnapshotFunctions.Engine", [], ["Azure.", .. AspNet, .. Functions]),
        ["Azure"] = new("SnapshotFunctions.AzureStore", ["Engine"], [.. AspNet, .. Functions]),
        ["Http"] = new("SnapshotFunctions.Http", ["Engine"], ["Azure.", .. Functions]),
        ["Local"] = new("snapshots", ["Engine", "Azure", "Http"], Functions),
        ["App"] = new("SnapshotFunctions.App", ["Engine", "Azure", "Http"], []),
    };

    public static TheoryData<string> Projects => [.. AssemblyReferences.Projects()];

    // The Functions app needs packages that not every feed has, so this project does not build it:
    // of it the project file is read, and only that.
    public static TheoryData<string> BuiltProjects =>
        [.. AssemblyReferences.Projects().Except(["App"], StringComparer.Ordinal)];

    private static string[] AspNet => ["Microsoft.AspNetCore"];

    private static string[] Functions =>
        ["Microsoft.Azure.Functions", "Microsoft.DurableTask", "Azure.Messaging"];

    [Fact]
    public void Every_project_has_a_rule_and_the_core_ones_exist()
    {
        var found = AssemblyReferences.Projects().ToArray();
        Assert.Empty(found.Except(Rules.Keys, StringComparer.Ordinal));
        Assert.Empty(new[] { "Azure", "Engine", "Local" }.Except(found, StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_names_only_what_it_may_know(string folder)
    {
        var (projects, packages) = AssemblyReferences.Declared(folder);
        Assert.Empty(projects.Except(Rules[folder].MayKnow, StringComparer.Ordinal));
        Assert.Empty(Forbidden(folder, packages));
    }

    [Theory]
    [MemberData(nameof(BuiltProjects))]
    public void A_built_assembly_refers_only_to_what_it_may_know(string folder)
    {
        var references = AssemblyReferences.Built(folder, Rules[folder].Assembly);
        var allowed = Rules[folder].MayKnow.Select(f => Rules[f].Assembly);
        var known = Rules.Values.Select(r => r.Assembly).ToHashSet(StringComparer.Ordinal);
        var own = references.Where(
            r => r.StartsWith(Own, StringComparison.Ordinal) || known.Contains(r));
        Assert.Contains("System.Runtime", references, StringComparer.Ordinal);
        Assert.Empty(own.Except(allowed, StringComparer.Ordinal));
        Assert.Empty(Forbidden(folder, references));
    }

    [Fact]
    public void The_engine_knows_only_the_runtime_compression_and_logging()
    {
        var others = AssemblyReferences.Built("Engine", "SnapshotFunctions.Engine")
            .Where(r => !r.StartsWith("System.", StringComparison.Ordinal));
        Assert.Empty(others.Except(
            ["ZstdSharp", "Microsoft.Extensions.Logging.Abstractions"], StringComparer.Ordinal));
    }

    private static IEnumerable<string> Forbidden(string folder, IEnumerable<string> names) =>
        names.Where(n => Rules[folder].MustNotKnow.Any(
            f => n.StartsWith(f, StringComparison.Ordinal)));

    private sealed record Rule(string Assembly, string[] MayKnow, string[] MustNotKnow);
}
