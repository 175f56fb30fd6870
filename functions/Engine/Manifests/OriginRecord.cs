using System.Text;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// The version of another machine that a clone began from: what the clone has not changed is read
/// from there. That version is pinned by the clone as long as this stands.
/// </summary>
/// <param name="Machine">The other machine.</param>
/// <param name="Version">Its version.</param>
/// <param name="Fingerprint">That version's fingerprint: what it is told by, whatever its name.</param>
/// <param name="Depth">How many origins are read through at most: 1 for that of a machine without one.</param>
/// <param name="Job">The job that made the clone: its repeats find what they have made.</param>
/// <param name="Disks">The disks and what they are called there.</param>
public sealed record OriginRecord(
    string Machine, int Version, Hash256 Fingerprint, int Depth, string Job,
    IReadOnlyList<OriginDisk> Disks)
{
    /// <summary>The most origins that are read through.</summary>
    public const int MostDepth = 4;

    private const int JobCharacters = 12;

    /// <summary>
    /// The owner of the pin that keeps a version for a clone: of each job that makes one another.
    /// </summary>
    public static string PinOwner(string clone, string job) =>
        $"{PinPrefix}{clone}:{Hash256.Of(Encoding.UTF8.GetBytes(job)).ToString()[..JobCharacters]}";

    /// <summary>The clone that a pin's owner names; null when it is another owner's.</summary>
    public static string? CloneOf(string owner) =>
        owner.StartsWith(PinPrefix, StringComparison.Ordinal)
        && owner.LastIndexOf(':') is var end && end > PinPrefix.Length
            ? owner[PinPrefix.Length..end] : null;

    /// <summary>The owner of the pin that keeps this version for a clone.</summary>
    public string PinOwner(string clone) => PinOwner(clone, Job);

    /// <summary>What the owners of such pins begin with.</summary>
    public const string PinPrefix = "clone:";

    /// <summary>The disk of the origin that a disk began from; null when it began from none.</summary>
    public OriginDisk? DiskOf(string disk) => Disks.FirstOrDefault(
        d => string.Equals(d.Name, disk, StringComparison.Ordinal));
}
