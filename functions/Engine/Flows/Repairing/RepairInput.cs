using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Check.Repairing;
using DiskShards = SnapshotFunctions.Engine.Steps.Phases.DiskShards;

namespace SnapshotFunctions.Engine.Flows.Repairing;

/// <summary>A machine to repair.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disks">The shards to look at; null for all.</param>
/// <param name="Images">Images that may hold what is damaged; null for none.</param>
/// <param name="Packs">
/// The packs to look at, by name; null for those that hold anything of the shards.
/// </param>
public sealed record RepairInput(
    string Machine, IReadOnlyList<DiskShards>? Disks = null,
    IReadOnlyList<RepairImage>? Images = null, IReadOnlyList<string>? Packs = null)
{
    /// <summary>A repair of what findings name; null when they name nothing to mend.</summary>
    public static RepairInput? Of(
        string machine, IReadOnlyCollection<Finding> findings,
        IReadOnlyList<RepairImage>? images = null)
    {
        var (disks, packs) = (
            DamagedShards.Of(machine, findings), DamagedShards.PacksOf(machine, findings));
        return disks.Count + packs.Count == 0 ? null
            : new RepairInput(machine, disks, images, packs);
    }
}
