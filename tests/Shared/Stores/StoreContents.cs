using System.Collections.Immutable;

namespace SnapshotFunctions.TestShared.Stores;

/// <summary>All that a simulated store held at one moment; see <see cref="SimulatedStore.Freeze"/>.</summary>
public sealed class StoreContents
{
    internal StoreContents(
        ImmutableSortedDictionary<string, SimulatedObject> objects,
        ImmutableDictionary<string, ImmutableDictionary<string, SimulatedBlock>> staged)
    {
        Objects = objects;
        Staged = staged;
    }

    internal static StoreContents Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, SimulatedObject>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, ImmutableDictionary<string, SimulatedBlock>>(
            StringComparer.Ordinal));

    internal ImmutableSortedDictionary<string, SimulatedObject> Objects { get; }

    internal ImmutableDictionary<string, ImmutableDictionary<string, SimulatedBlock>> Staged { get; }

    /// <summary>What each object holds, in ordinal order; staged blocks and ETags do not count.</summary>
    public IReadOnlyList<ObjectFingerprint> Fingerprint(string prefix = "") =>
    [
        .. Objects.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(pair => pair.Value.Fingerprint()),
    ];

    internal StoreContents With(string name, SimulatedObject value) =>
        new(Objects.SetItem(name, value), Staged.Remove(name));

    internal StoreContents Without(string name) => new(Objects.Remove(name), Staged.Remove(name));

    internal StoreContents WithStaged(string name, SimulatedBlock block)
    {
        var blocks = Staged.GetValueOrDefault(name)
            ?? ImmutableDictionary.Create<string, SimulatedBlock>(StringComparer.Ordinal);
        return new(Objects, Staged.SetItem(name, blocks.SetItem(block.Id, block)));
    }

    internal StoreContents WithOnly(string name, SimulatedObject value) =>
        new(Objects.SetItem(name, value), Staged);
}
