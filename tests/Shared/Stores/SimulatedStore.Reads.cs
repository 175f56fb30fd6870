using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.TestShared.Stores;

/// <content>The operations that change nothing.</content>
public sealed partial class SimulatedStore
{
    private const int ListedAtOnce = 5000;

    /// <inheritdoc/>
    public async Task<ObjectProperties?> FindAsync(
        string name, CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        return await RunAsync(StoreOperationKind.Find, name, 0, Act, cancellation);

        (ObjectProperties?, StorageTier) Act()
        {
            var found = Standing(_state.Contents, name)?.Properties;
            return (found, found?.Tier ?? StorageTier.Hot);
        }
    }

    /// <inheritdoc/>
    public async Task ReadAsync(
        string name, long offset, Memory<byte> destination, string? ifMatch = null,
        CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        await RunAsync(StoreOperationKind.Read, name, destination.Length, Act, cancellation);

        (bool, StorageTier) Act()
        {
            var found = Readable(name, ifMatch);
            ObjectRules.CheckRange(
                name, offset, destination.Length, found.Properties.LengthBytes);
            if (destination.Length > 0)
                found.Read(offset, destination.Span);
            return (true, found.Properties.Tier);
        }
    }

    /// <inheritdoc/>
    public async Task<(byte[] Content, ObjectProperties Properties)> ReadWholeAsync(
        string name, int mostBytes, CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        var length = Math.Min(
            mostBytes, Standing(_state.Contents, name)?.Properties.LengthBytes ?? 0);
        return await RunAsync(StoreOperationKind.ReadWhole, name, length, Act, cancellation);

        ((byte[], ObjectProperties), StorageTier) Act()
        {
            var found = Readable(name, null);
            if (found.Properties.LengthBytes > mostBytes)
            {
                throw new StoreRefusedException(
                    name, $"{found.Properties.LengthBytes} bytes where {mostBytes} were expected");
            }

            var content = new byte[found.Properties.LengthBytes];
            found.Read(0, content);
            return ((content, found.Properties), found.Properties.Tier);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CommittedBlock>> GetBlocksAsync(
        string name, CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        return await RunAsync(StoreOperationKind.GetBlocks, name, 0, Act, cancellation);

        (IReadOnlyList<CommittedBlock>, StorageTier) Act()
        {
            var found = Standing(_state.Contents, name) ?? throw new ObjectNotFoundException(name);
            CommittedBlock[] blocks = found.IsPut
                ? []
                : [.. found.Blocks.Select(block => new CommittedBlock(block.Id, block.Content.Length))];
            return (blocks, found.Properties.Tier);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectProperties> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var after = string.Empty;
        while (true)
        {
            var from = after;
            var page = await RunAsync(StoreOperationKind.List, prefix, 0, Act, cancellation);
            foreach (var properties in page)
                yield return properties;
            if (page.Length < ListedAtOnce)
                yield break;
            after = page[^1].Name;

            (ObjectProperties[], StorageTier) Act()
            {
                var now = Now;
                return (
                    [
                        .. _state.Contents.Objects
                            .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
                            .Where(pair => string.CompareOrdinal(pair.Key, from) > 0)
                            .Take(ListedAtOnce)
                            .Select(pair => pair.Value.At(now).Properties),
                    ],
                    StorageTier.Hot);
            }
        }
    }

    private SimulatedObject? Standing(StoreContents contents, string name) =>
        contents.Objects.GetValueOrDefault(name)?.At(Now);

    private SimulatedObject Readable(string name, string? ifMatch)
    {
        var found = Standing(_state.Contents, name) ?? throw new ObjectNotFoundException(name);
        if (ifMatch is not null && found.Properties.ETag != ifMatch)
            throw new OvertakenException(name, "it has another ETag than was to be read");
        return found.Properties.Tier == StorageTier.Archive
            ? throw new ObjectArchivedException(name, found.Properties.RehydratingTo is not null)
            : found;
    }
}
