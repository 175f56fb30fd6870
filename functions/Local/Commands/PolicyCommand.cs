using System.CommandLine;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>policy</c>: shows, sets and tries a machine's policy.</summary>
internal static class PolicyCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell) => new(
        "policy", "Show, set or try what is decided for a machine: what is kept, where, how long.")
    {
        CreateShow(shell), CreateSet(shell), SimulateCommand.Create(shell),
    };

    /// <summary>Reads a policy from a file, or from the standard input for <c>-</c>.</summary>
    public static async Task<MachinePolicy> ReadAsync(string file, CancellationToken cancellation)
    {
        if (file is not "-")
        {
            if (new FileInfo(file) is { Exists: true, Length: > PolicyCodec.MostBytes } found)
                throw new RefusedException(
                    "policy", $"{file} is no policy: it has {found.Length} bytes.");
            return PolicyCodec.Read(await File.ReadAllBytesAsync(file, cancellation), file);
        }
        await using var input = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        var buffer = new byte[4096];
        int read;
        while (bytes.Length <= PolicyCodec.MostBytes
            && (read = await input.ReadAsync(buffer, cancellation)) > 0) bytes.Write(buffer, 0, read);
        return PolicyCodec.Read(bytes.ToArray(), "the standard input");
    }

    private static Command CreateShow(CommandShell shell)
    {
        var machine = Inputs.Machine();
        return shell.Bind(
            new Command("show", "Show a machine's policy, as 'policy set' reads it.") { machine },
            async (parse, session, cancellation) =>
            {
                using var engine = await session.OpenAsync(create: false, cancellation);
                var manifest = await engine.Manifests.LoadAsync(
                    parse.GetValue(machine)!, cancellation);
                // What is shown can be edited and set again, so text and --json are the same.
                var policy = PolicyCodec.Write(manifest.Head.Policy);
                session.Write(text => text.WriteLine(policy));
                return ExitCodes.Ok;
            });
    }

    private static Command CreateSet(CommandShell shell)
    {
        var machine = Inputs.Machine();
        var file = new Argument<string>("file")
        {
            Description = "The policy's JSON; '-' reads it from the standard input. What it leaves "
                + "out is off: the whole policy is replaced.",
        };
        var yes = new Option<bool>("--yes")
        {
            Description = "Set it even if the next retention expires versions because of it.",
        };
        return shell.Bind(
            new Command("set", "Replace a machine's policy.") { machine, file, yes },
            async (parse, session, cancellation) =>
            {
                var policy = await ReadAsync(parse.GetValue(file)!, cancellation);
                return await SetAsync(
                    session, parse.GetValue(machine)!, policy, parse.GetValue(yes), cancellation);
            });
    }

    private static async Task<int> SetAsync(
        CommandSession session, string machine, MachinePolicy policy, bool yes,
        CancellationToken cancellation)
    {
        using var engine = await session.OpenAsync(create: false, cancellation);
        IReadOnlyList<PolicyChange> changes = [];
        IReadOnlyList<int> expires = [];
        await engine.Manifests.UpdateAsync(
            machine,
            async edit =>
            {
                changes = PolicyChange.Between(edit.Head.Policy, policy);
                var versions = await PolicyEffect.VersionsAsync(edit.Before, cancellation);
                expires = PolicyEffect.Expires(edit.Head, versions, policy, edit.Now);
                if (expires.Count > 0 && !yes) throw NotYet(machine, changes, expires);
                if (edit.Head.Policy != policy) edit.SetPolicy(policy);
            },
            cancellation);
        session.Write(
            new PolicySetDocument(machine, changes, expires),
            DocumentJson.Default.PolicySetDocument,
            text => Draw(text, machine, changes, expires));
        return ExitCodes.Ok;
    }

    private static RefusedException NotYet(
        string machine, IReadOnlyList<PolicyChange> changes, IReadOnlyList<int> expires) => new(
        "expires-versions",
        $"'{machine}' is left as it is: by this policy ({string.Join("; ", changes)}) the next "
        + $"retention would expire {Words(expires)}. Add --yes to set it, or pin what must stay.");

    private static void Draw(
        IAnsiConsole text, string machine, IReadOnlyList<PolicyChange> changes,
        IReadOnlyList<int> expires)
    {
        text.WriteLine(changes.Count == 0
            ? $"{machine}: the policy says this already" : $"{machine}: the policy is set");
        foreach (var change in changes) text.WriteLine($"  {change}");
        if (expires.Count > 0)
            text.WriteLine($"The next retention expires {Words(expires)} because of it.");
    }

    private static string Words(IReadOnlyList<int> versions)
    {
        var text = ShardRanges.Of(versions).ToString();
        return versions.Count == 1
            ? $"version {text}"
            : $"{versions.Count} versions ({(text.Length <= 200 ? text : $"{text[..200]} ...")})";
    }
}
