using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>Tells pins that clones rest on from those that a job has left behind.</summary>
public static class ClonePins
{
    /// <summary>A pin of a clone that is not there is left alone so long: it may be on its way.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromDays(1);

    /// <summary>Whether the clone that a pin names rests on it, or may yet.</summary>
    public static async Task<bool> IsNeededAsync(
        ManifestStore manifests, string machine, PinRecord pin, CancellationToken cancellation)
    {
        var name = OriginRecord.CloneOf(pin.Owner)!;
        var clone = await manifests.FindAsync(name, cancellation);
        return clone?.Head.Origin is { } origin && origin.Version == pin.Version
            && string.Equals(origin.Machine, machine, StringComparison.Ordinal)
            && string.Equals(origin.PinOwner(name), pin.Owner, StringComparison.Ordinal);
    }

    /// <summary>Takes pins away that no clone rests on and that are old; how many.</summary>
    public static async Task<int> DropStaleAsync(
        ManifestStore manifests, string machine, DateTimeOffset now,
        CancellationToken cancellation)
    {
        var manifest = await manifests.LoadAsync(machine, cancellation);
        var stale = new List<PinRecord>();
        foreach (var pin in manifest.Head.Pins ?? [])
            if (OriginRecord.CloneOf(pin.Owner) is not null && pin.Time + Patience <= now
                && !await IsNeededAsync(manifests, machine, pin, cancellation)) stale.Add(pin);
        if (stale.Count == 0) return 0;
        var dropped = 0;
        await manifests.UpdateAsync(
            machine,
            edit =>
            {
                dropped = 0;
                foreach (var pin in stale)
                    if ((edit.Head.Pins ?? []).Contains(pin) && edit.Unpin(pin.Version, pin.Owner))
                        dropped++;
                return ValueTask.CompletedTask;
            },
            cancellation);
        return dropped;
    }
}
