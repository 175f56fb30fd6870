using System.Globalization;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <summary>All that lies in storage of one machine's shards.</summary>
internal sealed class Inventory(string machine, GoneMachine? gone)
{
    /// <summary>The machine.</summary>
    public string Machine => machine;

    /// <summary>What an older machine of the name has left; null for none.</summary>
    public GoneMachine? Gone => gone;

    /// <summary>What lies in storage under a lower number is a deleted machine's.</summary>
    public long FirstOperation => gone?.NextOperation ?? 1;

    public SortedDictionary<(string Disk, int Shard), FoundShard> Shards { get; } = [];

    public List<(IObjectStore Store, string Name)> Copies { get; } = [];

    /// <summary>What says which version the machine began from.</summary>
    public List<(IObjectStore Store, string Name)> Origins { get; } = [];

    public HashSet<string> DeltaNames { get; } = new(StringComparer.Ordinal);

    /// <summary>The objects of machine files.</summary>
    public HashSet<string> FileNames { get; } = new(StringComparer.Ordinal);

    /// <summary>The packs, by operation and number.</summary>
    public Dictionary<(long Operation, int Number), ObjectProperties> Packs { get; } = [];

    /// <summary>The rehydrations that have left copies.</summary>
    public SortedSet<long> Rehydrations { get; } = [];

    public List<string> Notes { get; } = [];

    public Layout? Layout { get; private set; }

    /// <summary>The highest operation that any name or footer tells of.</summary>
    public long MaxOperation { get; private set; }

    /// <summary>The highest version that any name or footer tells of.</summary>
    public int MaxVersion { get; private set; }

    public static async Task<Inventory> TakeAsync(
        StepServices services, string machine, CancellationToken cancellation)
    {
        var inventory = new Inventory(
            machine, await GoneAsync(services.BaseStore, machine, cancellation));
        var prefix = ObjectNames.Machine(machine);
        foreach (var store in new[] { services.BaseStore, services.DeltaStore }.Distinct())
        {
            var names = new List<string>();
            await foreach (var found in store.ListAsync(prefix, cancellation))
            {
                names.Add(found.Name);
                if (ObjectNames.TryParsePack(found.Name, out _, out var operation, out var number))
                    inventory.Packs[(operation, number)] = found;
            }
            foreach (var name in names)
                await inventory.AddAsync(store, name, prefix, cancellation);
        }
        return inventory;
    }

    private static async Task<GoneMachine?> GoneAsync(
        IObjectStore store, string machine, CancellationToken cancellation)
    {
        try
        {
            return (await GoneMachine.FindAsync(store, machine, cancellation)).Gone;
        }
        catch (CorruptObjectException)
        {
            // Without it the numbers of what lies there are all that is known.
            return null;
        }
    }

    private async Task AddAsync(
        IObjectStore store, string name, string prefix, CancellationToken cancellation)
    {
        if (ObjectNames.TryParseDelta(name, out var shard, out var key))
        {
            MaxOperation = Math.Max(MaxOperation, key.Operation);
            MaxVersion = Math.Max(MaxVersion, key.Edge);
            DeltaNames.Add(name);
            if (key.Operation < FirstOperation) return;
            if (name.EndsWith(".idx", StringComparison.Ordinal))
                await AddDeltaAsync(store, name, shard, key, cancellation);
            return;
        }
        if (ObjectNames.TryParseBase(name, out shard))
        {
            await AddBaseAsync(store, name, shard, cancellation);
            return;
        }
        if (ObjectNames.TryParseMachineFile(name, out var version, out var ingest, out _))
        {
            MaxOperation = Math.Max(MaxOperation, ingest);
            MaxVersion = Math.Max(MaxVersion, version);
            FileNames.Add(name);
            return;
        }
        // Mounts are no part of the catalog; their own records tell of them.
        if (ObjectNames.TryParseMount(name, out _, out _)) return;
        if (ObjectNames.TryParseRehydrated(name, out _, out var rehydration, out _))
            Rehydrations.Add(rehydration);
        if (name.StartsWith($"{prefix}heads/", StringComparison.Ordinal))
            Copies.Add((store, name));
        if (name.StartsWith(ObjectNames.Origins(Machine), StringComparison.Ordinal))
            Origins.Add((store, name));
        // Copies, chunks' results and merged indexes all have their operation in twelve digits.
        foreach (var part in name.Split('/', '-', '.'))
        {
            if (part.Length == 12 && long.TryParse(
                part, NumberStyles.None, CultureInfo.InvariantCulture, out var operation))
                MaxOperation = Math.Max(MaxOperation, operation);
        }
    }

    private async Task AddDeltaAsync(
        IObjectStore store, string name, ShardKey shard, DeltaKey key,
        CancellationToken cancellation)
    {
        try
        {
            var (bytes, _) = await store.ReadWholeAsync(name, DeltaIndex.MostBytes, cancellation);
            var index = DeltaIndex.Decode(bytes, name);
            index.Header.Expect(shard, name);
            if (index.Key != key) throw new CorruptObjectException(name, $"{key}", $"{index.Key}");
            Layout ??= index.Header.Layout;
            Of(shard).Deltas.Add(FoundDelta.Of(index));
        }
        catch (ObjectNotFoundException)
        {
            // A sweep was faster; what it deletes is not needed.
        }
        catch (SnapshotException error) when (error is not StoreBusyException)
        {
            Notes.Add(error.Message);
        }
    }

    private async Task AddBaseAsync(
        IObjectStore store, string name, ShardKey shard, CancellationToken cancellation)
    {
        try
        {
            var state = await BaseState.ReadAsync(store, shard, null, cancellation);
            if (state.Footer is not { } footer) return;
            if (footer.Header.Operation < FirstOperation) return;
            Layout ??= footer.Header.Layout;
            Of(shard).Footer = footer;
            MaxOperation = Math.Max(MaxOperation, footer.Header.Operation);
            MaxVersion = Math.Max(MaxVersion, Math.Max(footer.Version, footer.Previous));
        }
        catch (CorruptObjectException error)
        {
            Notes.Add($"{name}: no version of this shard can be restored. {error.Message}");
        }
    }

    /// <summary>Takes the sizes that the machine is cut by, where no object has told them.</summary>
    public void Learn(Layout layout) => Layout ??= layout;

    /// <summary>What was found of a shard, if only that there is one.</summary>
    public FoundShard Of(ShardKey shard)
    {
        if (!Shards.TryGetValue((shard.Disk, shard.Shard), out var found))
            Shards.Add((shard.Disk, shard.Shard), found = new FoundShard(shard));
        return found;
    }
}
