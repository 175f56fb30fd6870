using System.CommandLine;
using System.Globalization;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Local.Hosting;

namespace SnapshotFunctions.Local.Commands;

/// <summary>The rule by which a machine's base moves, as a user writes it.</summary>
internal static class BaseRule
{
    /// <summary>The option.</summary>
    public static Option<string?> Option()
    {
        var option = new Option<string?>("--base-rule")
        {
            Description = "From now on the base moves to the newest version after every snapshot "
                + "(newest), once N forward incrementals lie after it (after:N), or only by "
                + "'consolidate' (keep).",
            HelpName = "newest|after:N|keep",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && Parse(text) is null)
                result.AddError("--base-rule: expected newest, after:N with N from 1 up, or keep.");
        });
        return option;
    }

    /// <summary>Reads a rule; null for none.</summary>
    public static BaseRuleSettings? Parse(string? text) => text switch
    {
        BaseRuleSettings.Newest => BaseRuleSettings.Default,
        BaseRuleText.Keep => BaseRuleSettings.Keep,
        _ when text?.StartsWith(BaseRuleText.After, StringComparison.Ordinal) is true
            && int.TryParse(
                text.AsSpan(BaseRuleText.After.Length), NumberStyles.None, CultureInfo.InvariantCulture,
                out var forwards)
            && forwards > 0 => new BaseRuleSettings(BaseRuleSettings.AfterForwards, forwards),
        _ => null,
    };

    /// <summary>A rule as the option writes it.</summary>
    public static string Text(BaseRuleSettings rule) => BaseRuleText.Of(rule);

    /// <summary>Writes a rule into a machine's policy; the machine is made when it is new.</summary>
    public static async Task ApplyAsync(
        LocalEngine engine, string machine, BaseRuleSettings rule, CancellationToken cancellation)
    {
        if (await engine.Manifests.FindAsync(machine, cancellation) is null)
        {
            await engine.Manifests.CreateAsync(
                machine, Layout.Default, MachinePolicy.Default with { Base = rule }, cancellation);
            return;
        }
        await engine.Manifests.UpdateAsync(
            machine,
            edit =>
            {
                if (edit.Head.Policy.Base != rule)
                    edit.SetPolicy(edit.Head.Policy with { Base = rule });
                return ValueTask.CompletedTask;
            },
            cancellation);
    }
}
