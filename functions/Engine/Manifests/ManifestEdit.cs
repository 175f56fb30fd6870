using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// A change of a manifest while it is made. It may be made again from a newer state when another
/// writer was first, so it must depend on nothing but this edit. Tables and pages that fall out of
/// the lists are retired by themselves; deltas and merged indexes by who takes them out.
/// </summary>
public sealed partial class ManifestEdit
{
    private readonly IObjectStore _baseStore;
    private readonly ManifestOptions _options;

    internal ManifestEdit(
        Manifest before, IObjectStore baseStore, ManifestOptions options, DateTimeOffset now)
    {
        (Before, Head, _baseStore, _options, Now) = (before, before.Head, baseStore, options, now);
    }

    /// <summary>The manifest that the change began from.</summary>
    public Manifest Before { get; }

    /// <summary>The head as changed so far; pages are rewritten when the change is complete.</summary>
    public ManifestHead Head { get; private set; }

    /// <summary>When this edit began.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Whether anything was changed.</summary>
    public bool IsChanged => !ReferenceEquals(Head, Before.Head) || ChangesPages;

    /// <summary>Goes on only while the turn of this epoch is not released and nobody took it.</summary>
    /// <exception cref="TurnLostException">It is over.</exception>
    public void RequireTurn(long epoch)
    {
        if (Head.Claim?.Epoch != epoch) throw new TurnLostException(Head.Machine, epoch, Head.Epoch);
    }

    /// <summary>
    /// Takes the next operation's number and lists the operation, with all it may create.
    /// </summary>
    /// <param name="compose">Makes the record from its number.</param>
    public OperationRecord IssueOperation(Func<long, OperationRecord> compose)
    {
        var number = Head.NextOperation;
        var record = compose(number);
        if (record.Number != number || record.Creates.Any(c => c.Operation != number)
            || (record.Packs ?? []).Any(p => p.Operation != number))
            throw new ArgumentException($"The operation must carry number {number}.", nameof(compose));
        Head = Head with { NextOperation = number + 1, Operations = [.. Head.Operations, record] };
        return record;
    }

    /// <summary>An operation under way, or null.</summary>
    public OperationRecord? FindOperation(long number) =>
        Head.Operations.FirstOrDefault(o => o.Number == number);

    /// <summary>Replaces an operation under way: before it creates more than it listed.</summary>
    public void ReplaceOperation(OperationRecord record)
    {
        if (FindOperation(record.Number) is null)
            throw new ArgumentException($"Operation {record.Number} is not under way.", nameof(record));
        Head = Head with
        {
            Operations = [.. Head.Operations.Select(o => o.Number == record.Number ? record : o)],
        };
    }

    /// <summary>Takes an operation out of the lists; false when it was not there.</summary>
    public bool CloseOperation(long number)
    {
        if (FindOperation(number) is null) return false;
        Head = Head with { Operations = [.. Head.Operations.Where(o => o.Number != number)] };
        return true;
    }

    /// <summary>Sets the disks as they are at the newest version.</summary>
    public void SetDisks(IEnumerable<DiskRecord> disks)
    {
        IReadOnlyList<DiskRecord> sorted = [.. disks.OrderBy(d => d.Name, StringComparer.Ordinal)];
        ReplaceTables(Head.Disks.Select(d => d.Nodes), sorted.Select(d => d.Nodes));
        Head = Head with { Disks = sorted };
    }

    /// <summary>Says that no version below this one has forward incrementals.</summary>
    public void SetForwardsFrom(int version) => Head = Head with { ForwardsFrom = version };

    /// <summary>Sets what the owner decided.</summary>
    public void SetPolicy(MachinePolicy policy) => Head = Head with { Policy = policy };

    /// <summary>Lays a legal hold on the machine; null lifts it.</summary>
    public void SetHold(HoldRecord? hold) => Head = Head with { Hold = hold };

    /// <summary>Pins a version; a pin of the same owner on it is replaced.</summary>
    public void Pin(PinRecord pin) => SetPins(
        [.. (Head.Pins ?? []).Where(p => PinRecord.Compare(p, pin) != 0), pin]);

    /// <summary>Takes a pin away; false when there was none.</summary>
    public bool Unpin(int version, string owner)
    {
        var pins = Head.Pins ?? [];
        var rest = pins.Where(p => p.Version != version
            || !string.Equals(p.Owner, owner, StringComparison.Ordinal)).ToList();
        if (rest.Count == pins.Count) return false;
        SetPins(rest);
        return true;
    }

    /// <summary>Says which version the machine began from; null: it needs none any more.</summary>
    public void SetOrigin(OriginRecord? origin) => Head = Head with { Origin = origin };

    /// <summary>Marks the machine for deletion, or takes that back.</summary>
    public void SetPurged(DateTimeOffset? since) => Head = Head with { Purged = since };

    /// <summary>Counts occasions on which versions were read.</summary>
    public void CountReads(IReadOnlyDictionary<int, int> more)
    {
        var reads = ReadRecord.Plus(Head.Reads ?? [], more, Now);
        Head = Head with { Reads = reads.Count == 0 ? null : reads };
    }

    /// <summary>Sets when what upkeep does was done last.</summary>
    public void SetUpkeep(UpkeepRecord record)
    {
        if (Head.Upkeep != record) Head = Head with { Upkeep = record };
    }

    private void SetPins(List<PinRecord> pins)
    {
        pins.Sort(PinRecord.Compare);
        Head = Head with { Pins = pins.Count == 0 ? null : pins };
    }

    /// <summary>
    /// Hands objects to the sweep, which deletes them once the grace period has passed.
    /// </summary>
    /// <param name="operation">The operation that takes them out of the lists.</param>
    /// <param name="deltas">Deltas that no version lists after this change.</param>
    /// <param name="names">Other objects of the machine, by name.</param>
    public void Retire(
        long operation, IReadOnlyList<DeltaSet> deltas, IReadOnlyList<string>? names = null)
    {
        if (deltas.Count == 0 && names is not { Count: > 0 }) return;
        Retire(new RetiredRecord
        {
            Operation = operation,
            SweepAfter = Now.AddSeconds(Head.Policy.GraceSeconds),
            Deltas = deltas,
            Names = names ?? [],
        });
    }

    /// <summary>Hands objects to the sweep at a time of the caller's choice.</summary>
    public void Retire(RetiredRecord record)
    {
        _retired.Add(record);
        Head = Head with { Retired = [.. Head.Retired, record] };
    }

    /// <summary>
    /// Makes a table for this change: in place when short, else written to an object now. Made for
    /// this edit only, as its name depends on the head's revision.
    /// </summary>
    public async Task<TableReference> SaveTableAsync(
        IReadOnlyList<ShardEdge> edges, CancellationToken cancellation = default) =>
        Noted(await ShardTables.SaveAsync(
            _baseStore, Head.Machine, edges, _options.InlineEntries, Before.Head.Revision + 1,
            cancellation));

    /// <summary>Makes a table for this change, as for edges.</summary>
    public async Task<TableReference> SaveTableAsync(
        IReadOnlyList<ShardNode> nodes, CancellationToken cancellation = default) =>
        Noted(await ShardTables.SaveAsync(
            _baseStore, Head.Machine, nodes, _options.InlineEntries, Before.Head.Revision + 1,
            cancellation));

    /// <summary>
    /// The tables and pages that were written for this change; each is named by bytes that hold
    /// the revision, so that no later change can ever list it.
    /// </summary>
    internal HashSet<string> Written { get; } = new(StringComparer.Ordinal);

    private TableReference Noted(TableReference table)
    {
        if (table.Object is { } hash) Written.Add(ObjectNames.ShardTable(Head.Machine, hash));
        return table;
    }

    /// <summary>Sets or clears the turn; the store's own.</summary>
    internal void SetClaim(Claim? claim) =>
        Head = Head with { Claim = claim, Epoch = claim?.Epoch ?? Head.Epoch };

    /// <summary>Takes out what was swept; the store's own.</summary>
    internal void DropRetired(IReadOnlyList<RetiredRecord> swept)
    {
        var rest = Head.Retired.Where(r => !swept.Any(s => s.SameAs(r))).ToArray();
        if (rest.Length < Head.Retired.Count) Head = Head with { Retired = rest };
    }
}
