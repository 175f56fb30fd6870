using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <summary>
/// <c>RebuildMachine</c>: makes a head that is missing or damaged anew, from the newest copy that
/// survives and what lies in storage, or from the latter alone. It deletes nothing. Order of
/// writes: what is damaged is kept under another name, then tables, then the head (until then there
/// is none, and a repeat begins anew), then copies of it. No other work on the machine may run.
/// </summary>
public sealed class RebuildMachineStep(StepServices services)
    : Step<RebuildMachineInput, RebuiltMachine>(RebuildStepNames.RebuildMachine)
{
    /// <summary>What is decided where no copy of a head tells it: that nothing may go.</summary>
    private static readonly MachinePolicy Unknown = MachinePolicy.Default with { Keep = null };

    /// <summary>
    /// Numbers left out above all that were ever seen: some may have been given to work that left
    /// nothing in storage, and no number may be given twice.
    /// </summary>
    public const int OperationMargin = 1000;

    /// <summary>Versions left out above all that were ever seen.</summary>
    public const int VersionMargin = 16;

    private const long RevisionMargin = 1_000_000;
    private const int MostNotes = 40;
    private const int MostNoteCharacters = 240;
    private const int InlineEntries = ManifestOptions.MaxInlineEntries;

    /// <inheritdoc/>
    public override async Task<RebuiltMachine> RunAsync(
        RebuildMachineInput input, CancellationToken cancellation)
    {
        var name = ObjectNames.Head(ObjectNames.CheckName("machine", input.Machine));
        var standing = await services.BaseStore.FindAsync(name, cancellation);
        if (standing is not null)
        {
            var sound = await SoundAsync(input.Machine, cancellation);
            if (sound is not null && !input.Force)
            {
                // A crash right after the head was made anew may have left its origin unpinned.
                await RebuiltPins.PinOriginAsync(
                    services, input.Machine, sound.Head.Origin, cancellation);
                return await LeftAsync(sound, cancellation);
            }
        }
        if (standing is null && await GoneMachine.GoingAsync(
            services.BaseStore, input.Machine, cancellation) is { } going)
            return new RebuiltMachine(
                input.Machine, "nothing", 0, 0,
                [$"It was deleted at {going.Time:u}: 'purge {input.Machine}' finishes that."], 1, 0);
        var inventory = await Inventory.TakeAsync(services, input.Machine, cancellation);
        var copy = await SurvivingCopy.FindAsync(
            services, input.Machine, inventory, cancellation);
        var origin = await FoundOrigin.FindAsync(
            services, input.Machine, inventory, copy, cancellation);
        var layout = copy?.Head.Layout ?? inventory.Layout;
        if (layout is null)
            return new RebuiltMachine(input.Machine, "nothing", 0, 0, [.. inventory.Notes], 0, 0);
        var composition = new Composition(inventory, copy, origin);
        if (standing is not null) await KeepDamagedAsync(input.Machine, standing, cancellation);
        var head = await ComposeAsync(
            input.Machine, layout, inventory, copy, composition, cancellation) with
        {
            Origin = origin is { IsNeeded: true } ? origin.Origin : null,
        };
        var bytes = ManifestCodec.Write(head);
        await services.BaseStore.PutAsync(
            name, bytes,
            ManifestCodec.HeadOptions(bytes, standing?.ETag, ifAbsent: standing is null),
            cancellation);
        await services.Manifests.CopyHeadAsync(
            input.Machine, head.NextOperation - 1, cancellation);
        var notes = inventory.Notes;
        if (await RebuiltPins.PinOriginAsync(
            services, input.Machine, head.Origin, cancellation) is { } lacking) notes.Add(lacking);
        return new RebuiltMachine(
            input.Machine, copy is null ? "objects" : "copy", head.Versions.Count,
            head.Versions is [.., var newest] ? newest.Number : 0, Told(notes), notes.Count,
            Orphans(inventory, composition, head));
    }

    private async Task<Manifest?> SoundAsync(string machine, CancellationToken cancellation)
    {
        try
        {
            return await FreshManifest.LoadAsync(services.BaseStore, machine, cancellation);
        }
        catch (SnapshotException error) when (
            error is CorruptObjectException or ObjectNotFoundException or StoreRefusedException)
        {
            return null;
        }
    }

    private static async Task<RebuiltMachine> LeftAsync(
        Manifest manifest, CancellationToken cancellation)
    {
        var count = 0;
        await foreach (var version in manifest.VersionsAsync(cancellation: cancellation)) count++;
        return new RebuiltMachine(
            manifest.Machine, "sound", count, manifest.NewestNumber, [], 0, 0);
    }

    /// <summary>Keeps the bytes that are replaced, named by their hash: a repeat keeps them once.</summary>
    private async Task KeepDamagedAsync(
        string machine, ObjectProperties standing, CancellationToken cancellation)
    {
        var (bytes, _) = await services.BaseStore.ReadWholeAsync(
            standing.Name, ManifestCodec.MaxHeadBytes, cancellation);
        await ShardTables.PutOnceAsync(
            services.BaseStore,
            $"{ObjectNames.Machine(machine)}damaged/{Hash256.Of(bytes)}.json", bytes,
            cancellation);
    }

    private async Task<ManifestHead> ComposeAsync(
        string machine, Layout layout, Inventory inventory, SurvivingCopy? copy,
        Composition composition, CancellationToken cancellation)
    {
        var now = services.Time.GetUtcNow();
        var old = copy?.Head ?? ManifestHead.New(machine, now, layout, Unknown);
        var nextOperation = Math.Max(
            Math.Max(old.NextOperation, inventory.FirstOperation), inventory.MaxOperation + 1);
        var revision = Math.Max(
            Math.Max(old.Revision, inventory.Gone?.Revision ?? 0), nextOperation * 64)
            + RevisionMargin;
        var versions = new List<VersionRecord>();
        foreach (var number in composition.Numbers)
        {
            var tables = new Dictionary<string, TableReference>(StringComparer.Ordinal);
            foreach (var disk in composition.DisksAt(number).Keys)
            {
                tables[disk] = await ShardTables.SaveAsync(
                    services.BaseStore, machine, composition.EdgesAt(disk, number),
                    InlineEntries, revision, cancellation);
            }
            versions.Add(composition.Record(number, disk => tables[disk]));
        }
        var packs = new PackComposition(inventory, copy).Make(versions, Edges, now);
        return old with
        {
            Written = now,
            Revision = revision,
            Writes = [],
            NextOperation = nextOperation + OperationMargin,
            FirstOperation = inventory.FirstOperation == 1 ? null : inventory.FirstOperation,
            NextVersion = Math.Max(
                Math.Max(old.NextVersion, inventory.Gone?.NextVersion ?? 1),
                inventory.MaxVersion + 1) + VersionMargin,
            ForwardsFrom = 0,
            Epoch = Math.Max(
                Math.Max(old.Epoch, inventory.Gone?.Epoch ?? 0), nextOperation) + OperationMargin,
            Claim = null,
            Disks = await DisksAsync(machine, composition, versions, revision, cancellation),
            Operations = composition.Operations,
            Pins = await RebuiltPins.MergeAsync(
                services, machine, old.Pins, composition.Numbers, now, cancellation),
            Versions = versions,
            Pages = [],
            Merged = [],
            Packs = packs.Count == 0 ? null : packs,
            Rehydrated = null,
            Retired = Copies(machine, inventory, now, old.Policy.GraceSeconds),
        };

        IReadOnlyList<ShardEdge> Edges(string disk, int version) =>
            composition.EdgesAt(disk, version);
    }

    /// <summary>Copies of archived objects have no owner any more: their jobs ask again.</summary>
    private static IReadOnlyList<RetiredRecord> Copies(
        string machine, Inventory inventory, DateTimeOffset now, int graceSeconds) =>
        inventory.Rehydrations.Count == 0
            ? []
            :
            [
                new RetiredRecord
                {
                    Operation = 0,
                    SweepAfter = now.AddSeconds(graceSeconds),
                    Names =
                    [
                        .. inventory.Rehydrations.Select(
                            o => ObjectNames.Rehydrated(machine, o)),
                    ],
                },
            ];

    private async Task<List<DiskRecord>> DisksAsync(
        string machine, Composition composition, List<VersionRecord> versions, long revision,
        CancellationToken cancellation)
    {
        var disks = new List<DiskRecord>();
        if (versions is not [.., var newest]) return disks;
        foreach (var disk in newest.Disks)
        {
            disks.Add(new DiskRecord(disk.Name, disk.SizeBytes, await ShardTables.SaveAsync(
                services.BaseStore, machine, composition.NodesAt(disk.Name, newest.Number),
                InlineEntries, revision, cancellation)));
        }
        return disks;
    }

    private static int Orphans(
        Inventory inventory, Composition composition, ManifestHead head)
    {
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var version in head.Versions)
        {
            foreach (var disk in version.Disks)
            {
                foreach (var edge in composition.EdgesAt(disk.Name, version.Number))
                {
                    var shard = new ShardKey(head.Machine, disk.Name, edge.Shard);
                    var (up, down) = (
                        new DeltaKey(edge.Previous, version.Number, edge.ForwardOperation),
                        new DeltaKey(version.Number, edge.Previous, edge.ReverseOperation));
                    listed.UnionWith(
                    [
                        ObjectNames.DeltaIndex(shard, up), ObjectNames.DeltaData(shard, up),
                        ObjectNames.DeltaIndex(shard, down), ObjectNames.DeltaData(shard, down),
                    ]);
                }
            }
        }
        listed.UnionWith(head.Operations.SelectMany(o => o.Creates)
            .SelectMany(c => c.Names(head.Machine)));
        listed.UnionWith(head.Versions.SelectMany(v => v.Files ?? [])
            .Concat(head.Operations.SelectMany(o => o.Files ?? []))
            .Select(f => f.ObjectName(head.Machine)));
        listed.UnionWith((head.Packs ?? []).Concat(head.Operations.SelectMany(o => o.Packs ?? []))
            .Select(p => p.ObjectName(head.Machine)));
        return inventory.DeltaNames.Concat(inventory.FileNames)
            .Concat(inventory.Packs.Values.Select(p => p.Name)).Count(n => !listed.Contains(n));
    }

    private static List<string> Told(List<string> notes) =>
    [
        .. notes.Take(MostNotes).Select(
            n => n.Length <= MostNoteCharacters ? n : $"{n[..(MostNoteCharacters - 3)]}..."),
    ];
}
