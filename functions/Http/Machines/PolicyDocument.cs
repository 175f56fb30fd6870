using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Http.Machines;

/// <summary>What the owner of a machine decided for it.</summary>
/// <param name="BaseRule">
/// When the base moves to the newest version: <c>newest</c> after every snapshot, <c>after:N</c>
/// once N forward incrementals lie after it, <c>keep</c> never by itself.
/// </param>
/// <param name="GraceSeconds">How long what is no longer listed stays for readers.</param>
public sealed record PolicyDocument(string BaseRule, int GraceSeconds)
{
    /// <summary>The document of a policy.</summary>
    public static PolicyDocument Of(MachinePolicy policy) =>
        new(Text(policy.Base), policy.GraceSeconds);

    private static string Text(BaseRuleSettings rule) => rule switch
    {
        { Kind: BaseRuleSettings.Newest } => "newest",
        { Forwards: int.MaxValue } => "keep",
        _ => $"after:{rule.Forwards}",
    };
}
