using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.TestShared.Stores;

/// <summary>
/// An object store in memory that keeps the whole contract, counts what it is asked for, and
/// fails as it is told to. Several processes may use one: see <see cref="For"/>.
/// </summary>
public sealed partial class SimulatedStore : IObjectStore
{
    private readonly SimulatedState _state;

    /// <summary>A store without objects.</summary>
    public SimulatedStore(SimulatedStoreOptions? options = null)
        : this(new SimulatedState(options ?? new SimulatedStoreOptions(), StoreContents.Empty), null)
    {
    }

    private SimulatedStore(SimulatedState state, SimulatedProcess? process)
    {
        _state = state;
        Process = process ?? state.Options.Process ?? new SimulatedProcess();
    }

    /// <inheritdoc/>
    public string Description => _state.Options.Description;

    /// <summary>The process that calls through this instance; faults are planned on it.</summary>
    public SimulatedProcess Process { get; }

    /// <summary>What was asked for so far, by all processes.</summary>
    public StoreCounters Counters => _state.Counters;

    private DateTimeOffset Now => _state.Options.Clock.GetUtcNow();

    /// <summary>The same store as another process sees it.</summary>
    public SimulatedStore For(SimulatedProcess process) => new(_state, process);

    /// <summary>All that it holds now, staged blocks too; costs no copy of any bytes.</summary>
    public StoreContents Freeze() => _state.Contents;

    /// <summary>Puts frozen contents back; ETags made since do not come back.</summary>
    public void Restore(StoreContents contents) => _state.Act(_ => (contents, true));

    /// <summary>Another store with the same contents that goes its own way.</summary>
    public SimulatedStore Clone(SimulatedProcess? process = null)
    {
        var state = new SimulatedState(_state.Options, _state.Contents);
        state.ContinueETagsOf(_state);
        return new SimulatedStore(state, process ?? new SimulatedProcess());
    }

    /// <summary>What each object holds, in ordinal order; staged blocks and ETags do not count.</summary>
    public IReadOnlyList<ObjectFingerprint> Fingerprint(string prefix = "") =>
        _state.Contents.Fingerprint(prefix);

    /// <summary>The names of its objects, in ordinal order, uncounted.</summary>
    public IReadOnlyList<string> Names(string prefix = "") =>
    [
        .. _state.Contents.Objects.Keys.Where(
            name => name.StartsWith(prefix, StringComparison.Ordinal)),
    ];

    /// <summary>Turns one stored byte round, as a failing medium does: the ETag stays.</summary>
    public void FlipByte(string name, long offset) => _state.Act(contents =>
    {
        var found = contents.Objects.GetValueOrDefault(name)
            ?? throw new ObjectNotFoundException(name);
        ObjectRules.CheckRange(name, offset, 1, found.Properties.LengthBytes);
        return (contents.WithOnly(name, found.WithFlippedByte(offset)), true);
    });

    /// <summary>An object's bytes, archived or not, uncounted; null when there is none.</summary>
    public byte[]? Peek(string name)
    {
        if (!_state.Contents.Objects.TryGetValue(name, out var found))
            return null;
        var content = new byte[found.Properties.LengthBytes];
        found.Read(0, content);
        return content;
    }

    /// <summary>The ids of the blocks that are staged for a name.</summary>
    public IReadOnlyList<string> StagedIds(string name) =>
        [.. (_state.Contents.Staged.GetValueOrDefault(name)?.Keys ?? []).Order(StringComparer.Ordinal)];

    /// <summary>Lets an operation befall what its process plans for it, and counts it.</summary>
    private async Task<T> RunAsync<T>(
        StoreOperationKind kind, string name, long bytes, Func<(T Result, StorageTier Tier)> act,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (operation, fault) = Process.Begin(kind, name, bytes, Description);
        if (_state.Options.Yields)
            await Task.Yield();
        await BeforeAsync(operation, fault, cancellation);
        T result;
        try
        {
            (result, var tier) = act();
            _state.Count(kind, tier, bytes);
        }
        catch (StoreException)
        {
            _state.Count(kind, StorageTier.Hot, 0);
            await AfterAsync(operation, fault, cancellation);
            throw;
        }

        await AfterAsync(operation, fault, cancellation);
        return result;
    }

    private async Task BeforeAsync(
        StoreOperation operation, StoreFault fault, CancellationToken cancellation)
    {
        switch (fault.Kind)
        {
            case StoreFaultKind.FailBefore:
                throw new StoreBusyException(
                    operation.Name, $"a planned fault at {operation}", fault.RetryAfter);
            case StoreFaultKind.CrashBefore:
                Process.Crash();
                throw new SimulatedCrashException($"A crash before {operation}.");
            case StoreFaultKind.PauseBefore:
                await fault.Pause!.WaitAsync(cancellation);
                Process.ThrowIfCrashed();
                break;
        }
    }

    private async Task AfterAsync(
        StoreOperation operation, StoreFault fault, CancellationToken cancellation)
    {
        switch (fault.Kind)
        {
            case StoreFaultKind.LoseAnswer:
                throw new StoreBusyException(operation.Name, $"a lost answer at {operation}");
            case StoreFaultKind.CrashAfter:
                Process.Crash();
                throw new SimulatedCrashException($"A crash after {operation}.");
            case StoreFaultKind.PauseAfter:
                await fault.Pause!.WaitAsync(cancellation);
                Process.ThrowIfCrashed();
                break;
        }
    }
}
