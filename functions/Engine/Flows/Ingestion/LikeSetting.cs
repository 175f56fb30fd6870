using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Cloning;

namespace SnapshotFunctions.Engine.Flows.Ingestion;

/// <summary>
/// What the owner has set once for all new machines: that each is stored against the machine it is
/// most like. What a snapshot says itself always wins.
/// </summary>
public static class LikeSetting
{
    /// <summary>The setting, on every host: <c>auto</c>, or <c>none</c>, the default.</summary>
    public const string Variable = "SNAPSHOTS_LIKE";

    /// <summary>Of a snapshot: it is stored by itself, whatever is set.</summary>
    public const string None = "none";

    /// <summary>Reads the setting; null for off.</summary>
    /// <exception cref="RefusedException">Reason "like": it is neither.</exception>
    public static string? Read(string? text) => text?.Trim() switch
    {
        null or "" or None => null,
        ChooseOriginInput.Auto => ChooseOriginInput.Auto,
        // A name would refuse every new machine once that one is gone.
        var other => throw new RefusedException(
            "like", $"Expected {ChooseOriginInput.Auto} or {None}, found '{other}'."),
    };

    /// <summary>The input with what is set, where the snapshot says nothing and it can matter.</summary>
    /// <param name="input">The snapshot.</param>
    /// <param name="setting">As <see cref="Read"/> answers.</param>
    /// <param name="manifests">Tell whether the machine is new.</param>
    /// <param name="cancellation">Ends the call.</param>
    public static async Task<IngestInput> ApplyAsync(
        IngestInput input, string? setting, ManifestStore manifests,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(manifests);
        if (input.Like is not null || setting is null) return input;
        var manifest = await manifests.FindAsync(input.Machine, cancellation);
        return manifest is { NewestNumber: > 0 } ? input : input with { Like = setting };
    }
}
