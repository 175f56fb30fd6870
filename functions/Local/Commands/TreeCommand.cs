using System.CommandLine;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>tree</c>: shows which machines began from which versions.</summary>
internal static class TreeCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = new Argument<string?>("machine")
        {
            Description = "Only the tree that this machine is in. Default: all machines.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return shell.Bind(
            new Command("tree", "Show which machines began from versions of others.") { machine },
            (parse, session, cancellation) => RunAsync(
                session, parse.GetValue(machine), cancellation));
    }

    private static async Task<int> RunAsync(
        CommandSession session, string? named, CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        var heads = await HeadsAsync(engine, cancellation);
        var roots = heads.Values
            .Where(h => h.Origin is null || !heads.ContainsKey(h.Origin.Machine))
            .Select(h => h.Machine);
        if (named is not null)
        {
            if (!heads.ContainsKey(named))
                await engine.Manifests.LoadAsync(named, cancellation);
            roots = [RootOf(named, heads)];
        }
        List<TreeDocument> trees = [.. roots.Select(r => Of(r, heads))];
        session.Write(
            new TreesDocument(trees), DocumentJson.Default.TreesDocument,
            text =>
            {
                foreach (var tree in trees)
                {
                    var drawn = new Tree(Markup.Escape(Describe(tree)));
                    Add(drawn, tree);
                    text.Write(drawn);
                }
            });
        return ExitCodes.Ok;
    }

    private static async Task<SortedDictionary<string, ManifestHead>> HeadsAsync(
        LocalEngine engine, CancellationToken cancellation)
    {
        var heads = new SortedDictionary<string, ManifestHead>(StringComparer.Ordinal);
        await foreach (var name in engine.Manifests.ListMachinesAsync(cancellation))
        {
            try
            {
                if (await engine.Manifests.FindAsync(name, cancellation) is { } found)
                    heads.Add(name, found.Head);
            }
            catch (CorruptObjectException)
            {
                // A damaged manifest hides no other machine; 'list' and 'verify' tell of it.
            }
        }
        return heads;
    }

    private static string RootOf(string machine, SortedDictionary<string, ManifestHead> heads)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (seen.Add(machine) && heads.TryGetValue(machine, out var head)
            && head.Origin is { } origin && heads.ContainsKey(origin.Machine)) machine = origin.Machine;
        return machine;
    }

    private static TreeDocument Of(string machine, SortedDictionary<string, ManifestHead> heads)
    {
        var head = heads[machine];
        var newest = head switch
        {
            { Versions: [.., var last] } => last.Number,
            { Pages: [.., var last] } => last.Last,
            _ => 0,
        };
        return new TreeDocument(
            machine, head.Origin?.Version,
            head.Pages.Sum(p => p.Count) + head.Versions.Count, newest, head.Purged,
            [
                .. heads.Values
                    .Where(h => string.Equals(h.Origin?.Machine, machine, StringComparison.Ordinal))
                    .OrderBy(h => h.Origin!.Version).ThenBy(h => h.Machine, StringComparer.Ordinal)
                    .Select(h => Of(h.Machine, heads)),
            ]);
    }

    private static void Add(IHasTreeNodes drawn, TreeDocument tree)
    {
        foreach (var clone in tree.Clones)
            Add(drawn.AddNode(Markup.Escape(Describe(clone))), clone);
    }

    private static string Describe(TreeDocument tree) =>
        (tree.OriginVersion is { } version ? $"from version {version}: " : string.Empty)
        + $"{tree.Machine}, {tree.Versions} versions"
        + (tree.Newest > 0 ? $" up to {tree.Newest}" : string.Empty)
        + (tree.Purged is null ? string.Empty : ", to be deleted");
}
