using System.CommandLine;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary>
/// <c>pin</c>, <c>unpin</c>, <c>hold</c>, <c>release</c>: keep versions whatever the policy says.
/// </summary>
internal static class PinCommands
{
    /// <summary>The commands.</summary>
    public static IEnumerable<Command> Create(CommandShell shell) =>
    [
        CreatePin(shell, "pin", "Keep a version whatever the policy says.", isPin: true),
        CreatePin(shell, "unpin", "Let a version expire by the policy again.", isPin: false),
        CreateHold(
            shell, "hold", "Lay a legal hold on a machine: nothing of it expires.", isHold: true),
        CreateHold(shell, "release", "Lift a machine's legal hold.", isHold: false),
    ];

    private static Command CreatePin(
        CommandShell shell, string name, string description, bool isPin)
    {
        var machine = Inputs.Machine();
        var version = Inputs.Version("version");
        var reason = Reason();
        return shell.Bind(
            new Command(name, description) { machine, version, reason },
            async (parse, session, cancellation) =>
            {
                using var engine = await session.OpenAsync(create: false, cancellation);
                var id = parse.GetValue(machine)!;
                var (number, changed) = await Pinning.SetPinAsync(
                    engine.Manifests, id, Inputs.VersionOf(parse.GetValue(version)), isPin,
                    parse.GetValue(reason), cancellation);
                session.Write(
                    new PinnedDocument(id, number, isPin, changed),
                    DocumentJson.Default.PinnedDocument,
                    text => text.WriteLine((isPin, changed) switch
                    {
                        (true, true) => $"{id}: version {number} is pinned",
                        (true, false) => $"{id}: version {number} was pinned already",
                        (false, true) => $"{id}: version {number} is no longer pinned",
                        _ => $"{id}: version {number} had no pin",
                    }));
                return ExitCodes.Ok;
            });
    }

    private static Command CreateHold(
        CommandShell shell, string name, string description, bool isHold)
    {
        var machine = Inputs.Machine();
        var reason = Reason();
        return shell.Bind(
            new Command(name, description) { machine, reason },
            async (parse, session, cancellation) =>
            {
                using var engine = await session.OpenAsync(create: false, cancellation);
                var id = parse.GetValue(machine)!;
                var changed = await Pinning.SetHoldAsync(
                    engine.Manifests, id, isHold, parse.GetValue(reason), cancellation);
                session.Write(
                    new HeldDocument(id, isHold, changed),
                    DocumentJson.Default.HeldDocument,
                    text => text.WriteLine((isHold, changed) switch
                    {
                        (true, true) => $"{id}: held; nothing of it expires",
                        (true, false) => $"{id}: was held already",
                        (false, true) => $"{id}: released; its policy decides again",
                        _ => $"{id}: was not held",
                    }));
                return ExitCodes.Ok;
            });
    }

    private static Option<string?> Reason()
    {
        var option = new Option<string?>("--reason")
        {
            Description = "Why, for people.", HelpName = "TEXT",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>()?.Length > Pinning.MostReason)
                result.AddError($"--reason: expected at most {Pinning.MostReason} characters.");
        });
        return option;
    }
}
