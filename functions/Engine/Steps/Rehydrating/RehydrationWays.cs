using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>
/// Where an archived object's bytes come back. Copies are of what never changes and lies in the
/// delta placement, the data of deltas; a base is patched in place, so that a copy of it would soon
/// tell of another version, and indexes are few and belong online: those change their own tier.
/// </summary>
public static class RehydrationWays
{
    /// <summary>Whether an object comes back as a copy.</summary>
    /// <param name="way">The machine's way, one of <see cref="RehydrationSettings"/>.</param>
    /// <param name="name">The object.</param>
    public static bool Copies(string way, string name) =>
        string.Equals(way, RehydrationSettings.Copy, StringComparison.Ordinal)
        && !ObjectNames.TryParseBase(name, out _)
        && !name.EndsWith(".idx", StringComparison.Ordinal);

    /// <summary>The object that will be readable, whose arrival is told of.</summary>
    public static string TargetOf(string way, string machine, long operation, string name) =>
        Copies(way, name) ? ObjectNames.Rehydrated(machine, operation, name) : name;
}
