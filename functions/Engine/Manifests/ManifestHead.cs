using System.Text.Json.Serialization;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// The small part of a machine's manifest that changes: <see cref="ObjectNames.Head"/> in the base
/// placement, replaced only by compare-and-swap on its ETag.
/// </summary>
public sealed record ManifestHead
{
    /// <summary>The format that this program writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The format of this head.</summary>
    public int FormatVersion { get; init; } = CurrentFormat;

    /// <summary>The machine's name.</summary>
    public required string Machine { get; init; }

    /// <summary>When the manifest was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When this state of the head was written.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>The sizes that all of the machine's objects are cut by.</summary>
    public required Layout Layout { get; init; }

    /// <summary>Rises by one with every write of the head.</summary>
    public long Revision { get; init; }

    /// <summary>
    /// The ids of the last writes, oldest first: a writer that got no answer finds out by them
    /// whether its write happened, even when others have written since.
    /// </summary>
    public IReadOnlyList<string> Writes { get; init; } = [];

    /// <summary>The number that the next operation gets.</summary>
    public long NextOperation { get; init; } = 1;

    /// <summary>The number that the next version gets.</summary>
    public int NextVersion { get; init; } = 1;

    /// <summary>
    /// No version below this one has forward incrementals: where a search for them may begin.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ForwardsFrom { get; init; }

    /// <summary>The epoch of the last claim; only rises.</summary>
    public long Epoch { get; init; }

    /// <summary>Who has the machine's turn; null when nobody has.</summary>
    public Claim? Claim { get; init; }

    /// <summary>What the owner decided for the machine.</summary>
    public required MachinePolicy Policy { get; init; }

    /// <summary>The legal hold on the machine; null for none.</summary>
    public HoldRecord? Hold { get; init; }

    /// <summary>The version of another machine that this one began from; null for none.</summary>
    public OriginRecord? Origin { get; init; }

    /// <summary>
    /// The first operation's number, where an older machine of the name was deleted: what lies in
    /// storage under a lower one is that machine's. Null where there was none.
    /// </summary>
    public long? FirstOperation { get; init; }

    /// <summary>Since when the machine is to be deleted; null: it is not.</summary>
    public DateTimeOffset? Purged { get; init; }

    /// <summary>Who needs which version, by version and owner; null for nobody.</summary>
    public IReadOnlyList<PinRecord>? Pins { get; init; }

    /// <summary>
    /// Which versions were read of late, ascending by version; null for none. Counted only where
    /// the rule for the base asks.
    /// </summary>
    public IReadOnlyList<ReadRecord>? Reads { get; init; }

    /// <summary>When what upkeep does was done last; null for never.</summary>
    public UpkeepRecord? Upkeep { get; init; }

    /// <summary>The disks at the newest version, in ordinal order of names.</summary>
    public required IReadOnlyList<DiskRecord> Disks { get; init; }

    /// <summary>The operations under way, ascending.</summary>
    public required IReadOnlyList<OperationRecord> Operations { get; init; }

    /// <summary>The newest versions, ascending.</summary>
    public required IReadOnlyList<VersionRecord> Versions { get; init; }

    /// <summary>The pages of older versions, ascending.</summary>
    public required IReadOnlyList<VersionPageReference> Pages { get; init; }

    /// <summary>The merged indexes that do not end within a page.</summary>
    public required IReadOnlyList<MergedRecord> Merged { get; init; }

    /// <summary>The packs that do not end within a page; null for none.</summary>
    public IReadOnlyList<PackRecord>? Packs { get; init; }

    /// <summary>The rehydrations whose copies may be read, ascending; null for none.</summary>
    public IReadOnlyList<RehydratedRecord>? Rehydrated { get; init; }

    /// <summary>What is no longer listed and not deleted yet.</summary>
    public required IReadOnlyList<RetiredRecord> Retired { get; init; }

    /// <summary>The head of a machine that has no version yet.</summary>
    public static ManifestHead New(
        string machine, DateTimeOffset created, Layout layout, MachinePolicy policy) => new()
        {
            Machine = machine,
            Created = created,
            Written = created,
            Layout = layout,
            Policy = policy,
            Disks = [],
            Operations = [],
            Versions = [],
            Pages = [],
            Merged = [],
            Retired = [],
        };
}
