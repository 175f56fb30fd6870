using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Mounts;

/// <summary>
/// What is written down of a writable mount in the object store. It is there before its version is
/// pinned and goes after the pin, so that no pin is left without a record.
/// </summary>
/// <param name="Id">Its id.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Version">The version, which never changes.</param>
/// <param name="Fingerprint">The version's fingerprint: its number alone may come back.</param>
/// <param name="SectorBytes">The unit of writing; see <see cref="Layout.SectorBytes"/>.</param>
/// <param name="ShardBytes">The size of the machine's shards, by which commits are cut.</param>
/// <param name="Disks">All disks of the version: what is committed must bring them all.</param>
/// <param name="Created">When it was made.</param>
public sealed record MountRecord(
    string Id, string Machine, int Version, Hash256 Fingerprint, int SectorBytes, long ShardBytes,
    IReadOnlyList<MountDisk> Disks, DateTimeOffset Created)
{
    /// <summary>The format that this code writes and reads.</summary>
    public const int FormatVersion = 1;

    private const string PinPrefix = "mount:";

    /// <summary>The format of the record and of what lies beside it.</summary>
    public int Format { get; init; } = FormatVersion;

    /// <summary>How it stands.</summary>
    public MountState State { get; init; }

    /// <summary>
    /// How often it was opened again after a commit that failed: a write that began before is not
    /// acknowledged after.
    /// </summary>
    public int Generation { get; init; }

    /// <summary>The job that commits it; null while none does.</summary>
    public string? Job { get; init; }

    /// <summary>The clone that it is committed to.</summary>
    public string? CloneName { get; init; }

    /// <summary>The job whose commit failed last: it must not freeze the mount again.</summary>
    public string? FailedJob { get; init; }

    /// <summary>Who pins the version.</summary>
    public string PinOwner => OwnerOf(Id);

    /// <summary>Whether what was written is whole, and can be read.</summary>
    public bool IsReadable => State is MountState.Open or MountState.Committing;

    /// <summary>The owner of a mount's pin.</summary>
    public static string OwnerOf(string id) => $"{PinPrefix}{id}";

    /// <summary>The mount that a pin is for; null when it is for no mount in the object store.</summary>
    public static string? MountOf(string owner) =>
        owner.StartsWith(PinPrefix, StringComparison.Ordinal)
        && ObjectNames.IsMount(owner[PinPrefix.Length..]) ? owner[PinPrefix.Length..] : null;

    /// <summary>A disk by its name.</summary>
    /// <exception cref="NoSuchException">It has none of that name.</exception>
    public MountDisk Disk(string name) =>
        Disks.FirstOrDefault(d => string.Equals(d.Name, name, StringComparison.Ordinal))
        ?? throw new NoSuchException(
            $"disk '{name}' in mount '{Id}'",
            $"It has {string.Join(", ", Disks.Select(d => d.Name))}.");
}
