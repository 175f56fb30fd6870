using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Store;

/// <content>Reads: none takes a lock.</content>
public sealed partial class FolderStore
{
    private const int InlineHashBytes = 16;

    /// <inheritdoc/>
    public async Task<ObjectProperties?> FindAsync(
        string name, CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        return await RunAsync(
            name,
            () =>
            {
                var head = LoadHead(PathsOf(name), name, withTables: false);
                return Task.FromResult(
                    head is null or { IsDeleted: true } ? null : head.PropertiesAt(Now));
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task ReadAsync(
        string name, long offset, Memory<byte> destination, string? ifMatch = null,
        CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        await RunAsync(
            name,
            () =>
            {
                _ = ReadStanding(name, head =>
                {
                    CheckReadable(name, head, ifMatch);
                    ObjectRules.CheckRange(name, offset, destination.Length, head.LengthBytes);
                    return (offset, destination);
                });
                return Task.FromResult(true);
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<(byte[] Content, ObjectProperties Properties)> ReadWholeAsync(
        string name, int mostBytes, CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        return await RunAsync(
            name,
            () =>
            {
                byte[] content = [];
                var head = ReadStanding(name, head =>
                {
                    CheckReadable(name, head, null);
                    if (head.LengthBytes > mostBytes)
                    {
                        throw new StoreRefusedException(
                            name, $"{head.LengthBytes} bytes where at most {mostBytes} were expected");
                    }

                    content = new byte[head.LengthBytes];
                    return (0, content);
                });
                return Task.FromResult((content, head.PropertiesAt(Now)));
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CommittedBlock>> GetBlocksAsync(
        string name, CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        return await RunAsync(
            name,
            () =>
            {
                var head = LoadHead(PathsOf(name), name);
                if (head is null or { IsDeleted: true })
                    throw new ObjectNotFoundException(name);
                IReadOnlyList<CommittedBlock> blocks = head.IsPut
                    ? []
                    : [.. head.Blocks.Select(block => new CommittedBlock(block.Id, block.LengthBytes))];
                return Task.FromResult(blocks);
            },
            cancellation);
    }

    private void CheckReadable(string name, ObjectHead head, string? ifMatch)
    {
        if (head.IsDeleted)
            throw new ObjectNotFoundException(name);
        if (ifMatch is not null && !string.Equals(head.ETag, ifMatch, StringComparison.Ordinal))
            throw new OvertakenException(name, "it has another ETag than was to be read");
        var now = Now;
        if (head.TierAt(now) == StorageTier.Archive)
            throw new ObjectArchivedException(name, head.RehydratesAt(now));
    }

    /// <summary>
    /// Reads what is asked for from the head that stands before and after the reading. An answer
    /// under a head that has been replaced, good or bad, is forgotten and sought again.
    /// </summary>
    private ObjectHead ReadStanding(
        string name, Func<ObjectHead, (long Offset, Memory<byte> Destination)> ask)
    {
        var paths = PathsOf(name);
        while (true)
        {
            var head = _heads.Find(name);
            if (head is null)
            {
                using var file = _files.TryOpen(paths.Head)
                    ?? throw new ObjectNotFoundException(name);
                head = HeadFormat.Read(file, name, withTables: true);
                if (head.InlineBytes >= 0 || head.IsDeleted)
                {
                    var (offset, destination) = ask(head);
                    ReadInline(file, head, offset, destination.Span);
                    return head;
                }

                _heads.Add(head);
            }

            StoreException? error = null;
            try
            {
                var (offset, destination) = ask(head);
                ReadBlocks(paths, head, offset, destination.Span);
            }
            catch (StoreException answer)
            {
                error = answer;
            }

            if (Stands(paths, head))
                return error is null ? head : throw error;
            _heads.Remove(name);
        }
    }

    private bool Stands(ObjectPaths paths, ObjectHead head)
    {
        using var file = _files.TryOpen(paths.Head);
        return file is not null && HeadFormat.ReadRevision(file, head.Name) == head.Revision;
    }

    /// <summary>A head file never changes under its handle: no need to look again.</summary>
    private static void ReadInline(IFile file, ObjectHead head, long offset, Span<byte> destination)
    {
        if (file.Read(head.InlineOffset + offset, destination) < destination.Length)
            throw new StoreRefusedException(head.Name, "its head file is damaged: it ends too early");
        if (destination.Length < head.InlineBytes)
            return;
        Span<byte> hash = stackalloc byte[InlineHashBytes];
        _ = file.Read(head.InlineOffset + head.InlineBytes, hash);
        HeadFormat.CheckInline(head.Name, destination, hash);
    }

    private void ReadBlocks(ObjectPaths paths, ObjectHead head, long offset, Span<byte> destination)
    {
        if (destination.IsEmpty)
            return;
        var index = Array.BinarySearch(head.Starts, offset);
        if (index < 0)
            index = ~index - 1;
        for (; !destination.IsEmpty; index++)
        {
            var block = head.Blocks[index];
            var skip = offset - head.Starts[index];
            var count = (int)Math.Min(block.LengthBytes - skip, destination.Length);
            var path = ObjectPaths.DataFile(paths.Data, head.Files[block.File].Id);
            ReadData(head.Name, path, block.Offset + skip, destination[..count]);
            destination = destination[count..];
            offset += count;
        }
    }

    private void ReadData(string name, string path, long offset, Span<byte> destination)
    {
        while (true)
        {
            var file = _open.TryGet(path)
                ?? throw new StoreRefusedException(name, "a data file of it is missing");
            try
            {
                if (file.Read(offset, destination) == destination.Length)
                    return;
                throw new StoreRefusedException(name, "a data file of it ends too early");
            }
            catch (ObjectDisposedException)
            {
                // Dropped from the cache between the two calls; open it again.
            }
        }
    }
}
