using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Flows.Rehydrating;

/// <summary>Finds whom the arrival of an object concerns, by the manifest alone.</summary>
public static class RehydrationJobs
{
    private const string Root = "machines/";

    /// <summary>
    /// The jobs that may wait for an object: of a copy the one that made it, of any other object
    /// all that bring something back for its machine. None for what belongs to no machine.
    /// </summary>
    public static async Task<IReadOnlyList<string>> OfAsync(
        ManifestStore manifests, string name, CancellationToken cancellation)
    {
        if (MachineOf(name) is not { } machine
            || await manifests.FindAsync(machine, cancellation) is not { } manifest) return [];
        var records = manifest.Head.Rehydrated ?? [];
        if (ObjectNames.TryParseRehydrated(name, out _, out var operation, out _))
            return [.. records.Where(r => r.Operation == operation).Select(r => r.Job)];
        return [.. records.Select(r => r.Job).Distinct(StringComparer.Ordinal)];
    }

    private static string? MachineOf(string name)
    {
        if (!name.StartsWith(Root, StringComparison.Ordinal)) return null;
        var end = name.IndexOf('/', Root.Length);
        return end > 0 && ObjectNames.IsName(name[Root.Length..end]) ? name[Root.Length..end] : null;
    }
}
