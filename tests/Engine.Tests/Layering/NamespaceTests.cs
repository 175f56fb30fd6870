using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.EngineTests.Layering;

/// <summary>
/// Holds the order inside the engine. A namespace may know those of lower rows; of its own row only
/// one way, never in a circle, and Format and Disks not each other at all.
/// </summary>
public sealed class NamespaceTests
{
    private const string Root = "SnapshotFunctions.Engine.";

    /// <summary>Lowest first. A flow's contract is below the steps, because steps are written to it.</summary>
    private static readonly string[][] Rows =
    [
        ["Model"],
        ["Ports"],
        ["Format", "Disks", "Flows.Contract"],
        ["Policies", "Costs"],
        ["Manifests", "Planning", "Views"],
        ["Mounts"],
        ["Steps", "Check"],
        ["Flows"],
        ["Plans"],
        ["Intake"],
        ["Outcomes"],
    ];

    [Fact]
    public void Every_namespace_of_the_engine_has_its_row()
    {
        var unknown = Read(r => r.Namespaces().Where(IsOwn).Select(Part).ToHashSet(StringComparer.Ordinal));
        Assert.Contains("Format", unknown);
        Assert.Contains("Model", unknown);
        unknown.ExceptWith(Rows.SelectMany(r => r));
        Assert.Empty(unknown);
    }

    [Fact]
    public void No_namespace_knows_a_higher_one() => Assert.Empty(
        References().Where(r => Row(r.To) > Row(r.From)).Select(r => $"{r.From}.{r.Type} knows {r.To}"));

    [Fact]
    public void Format_disks_and_the_contract_of_flows_do_not_know_each_other() => Assert.DoesNotContain(
        References(), r => Row(r.To) == 2 && Row(r.From) == 2);

    [Fact]
    public void Namespaces_of_one_row_know_each_other_one_way_only()
    {
        var known = References().Where(r => Row(r.From) == Row(r.To))
            .Select(r => (r.From, r.To)).Distinct().ToList();
        // Whatever is known by nobody is taken away, until nothing or a circle is left.
        while (known.RemoveAll(k => !known.Exists(o => Same(o.To, k.From))) > 0)
        {
        }
        Assert.Empty(known);
    }

    [Fact]
    public void References_in_signatures_and_in_bodies_are_seen()
    {
        var seen = References();
        // BaseFooter has a Hash256 in its signature; DeltaIndexCheck throws inside bodies only.
        Assert.Contains(("Format", "Model", "BaseFooter"), seen);
        Assert.Contains(("Format", "Model", "ByteReader"), seen);
        Assert.Contains(("Format", "Model", "DeltaIndexCheck"), seen);
        Assert.DoesNotContain(seen, r => Same(r.From, "Model"));
    }

    private static List<(string From, string To, string Type)> References() => Read(r => r.All()
        .Where(x => IsOwn(x.From) && IsOwn(x.To))
        .Select(x => (From: Part(x.From), To: Part(x.To), x.Type))
        .Where(x => !Same(x.From, x.To)).ToList());

    private static T Read<T>(Func<NamespaceReferences, T> read)
    {
        using var references = new NamespaceReferences(typeof(Layout).Assembly.Location);
        return read(references);
    }

    private static bool Same(string one, string other) =>
        string.Equals(one, other, StringComparison.Ordinal);

    private static bool IsOwn(string name) => name.StartsWith(Root, StringComparison.Ordinal);

    /// <summary>The part of the engine: Disks.Vhdx is of Disks, but Flows.Contract is its own.</summary>
    private static string Part(string name)
    {
        var rest = name[Root.Length..];
        return rest.StartsWith("Flows.Contract", StringComparison.Ordinal)
            ? "Flows.Contract" : rest.Split('.')[0];
    }

    private static int Row(string part)
    {
        var row = Array.FindIndex(Rows, r => r.Contains(part, StringComparer.Ordinal));
        return row >= 0 ? row : throw new InvalidOperationException($"{part} has no row.");
    }
}
