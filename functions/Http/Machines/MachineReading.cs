using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Machines;

/// <summary>
/// Reads machines as the routes tell of them: from the head and the pages of a manifest alone, so
/// that a call costs the same however many shards the disks have.
/// </summary>
internal static class MachineReading
{
    /// <summary>
    /// A machine's manifest. Unlike the engine's own, the error names no other machines: finding
    /// their names walks the whole store, which a misspelt name must not set off.
    /// </summary>
    /// <exception cref="NoSuchException">There is no such machine.</exception>
    public static async Task<Manifest> LoadAsync(
        ManifestStore manifests, string machine, CancellationToken cancellation) =>
        await manifests.FindAsync(machine, cancellation) ?? throw NoMachine(machine);

    /// <summary>The error that there is no such machine.</summary>
    public static NoSuchException NoMachine(string machine) =>
        new($"machine '{machine}'", "GET /api/machines lists those that there are.");

    /// <summary>A version that can be restored; null for the newest.</summary>
    /// <exception cref="NoSuchException">There is none.</exception>
    public static async Task<VersionRecord> VersionAsync(
        Manifest manifest, int? number, CancellationToken cancellation)
    {
        var found = number is { } named
            ? await manifest.FindVersionAsync(named, cancellation)
            : await NewestAsync(manifest, cancellation);
        if (found is { State: VersionState.Ready }) return found;
        var what = number is null ? "version" : $"version {number}";
        throw new NoSuchException(
            $"{what} of '{manifest.Machine}' that can be restored",
            $"GET {Links.Machine(manifest.Machine)}/versions lists those that can.");
    }

    /// <summary>The newest version that can be restored; null for none.</summary>
    public static async ValueTask<VersionRecord?> NewestAsync(
        Manifest manifest, CancellationToken cancellation)
    {
        await foreach (var version in manifest.VersionsDescendingAsync(cancellation: cancellation))
            if (version.State == VersionState.Ready) return version;
        return null;
    }

    /// <summary>
    /// The version that the base stands at by the manifest, 0 for none: the newest below which no
    /// forward incremental begins. During a move, and after one that was stopped, single shards may
    /// stand elsewhere.
    /// </summary>
    public static async ValueTask<int> BaseAsync(
        Manifest manifest, CancellationToken cancellation)
    {
        var below = manifest.Head.ForwardsFrom;
        await foreach (var version in manifest.VersionsDescendingAsync(1, below - 1, cancellation))
            return version.Number;
        return manifest.Head switch
        {
            { Pages: [var first, ..] } => first.First,
            { Versions: [var first, ..] } => first.Number,
            _ => 0,
        };
    }

    /// <summary>How many versions are listed, whatever their state.</summary>
    public static int Count(ManifestHead head) =>
        head.Pages.Sum(p => p.Count) + head.Versions.Count;
}
