using System.Buffers;
using System.IO.Hashing;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Store;

/// <content>
/// Copies of objects. The bytes are copied at once, also an archived object's: the copy merely
/// does not let itself be read before its time has come.
/// </content>
public sealed partial class FolderStore
{
    private const int CopyBufferBytes = 1 << 20;

    /// <inheritdoc/>
    public async Task<ObjectProperties> CopyAsync(
        string source, string destination, CopyOptions options,
        CancellationToken cancellation = default)
    {
        ObjectRules.CheckCopy(source, destination, options);
        return await RunLockedAsync(destination, Act, cancellation);

        // Only the copy is locked: two objects may share a lock, and a reader needs none.
        ObjectProperties Act(ObjectPaths paths)
        {
            var last = LoadHead(paths, destination);
            if (last is { IsDeleted: false })
            {
                var there = last.PropertiesAt(Now);
                return CopyOptions.IsCopyOf(there, source)
                    ? there : throw CopyOptions.Taken(destination, source);
            }

            _directories.Ensure(paths.Parent);
            var present = PresentFiles(destination, paths, last);
            var head = CopyOf(source, PathsOf(source), destination, paths, present, options);
            Retire(destination);
            RemoveDeadFiles(paths, head);
            return head.PropertiesAt(Now);
        }
    }

    /// <summary>Writes the copy, its head last: a crash before that leaves what the sweep removes.</summary>
    private ObjectHead CopyOf(
        string source, ObjectPaths from, string destination, ObjectPaths to, HeadFile[] present,
        CopyOptions options)
    {
        using var file = _files.TryOpen(from.Head) ?? throw new ObjectNotFoundException(source);
        var head = HeadFormat.Read(file, source, withTables: true);
        if (head.IsDeleted)
            throw new ObjectNotFoundException(source);
        if (head.InlineBytes >= 0)
        {
            var content = new byte[head.InlineBytes];
            ReadInline(file, head, 0, content);
            var small = CopiedHead(head, destination, options, present, []);
            WriteHead(to, small, content);
            return small;
        }

        var (files, blocks) = CopyData(head, from, to, present);
        if (!Stands(from, head))
            throw new StoreBusyException(source, "it was replaced while it was copied");
        var copy = CopiedHead(head, destination, options, files, blocks);
        WriteHead(to, copy, default);
        return copy;
    }

    private ObjectHead CopiedHead(
        ObjectHead source, string destination, CopyOptions options, HeadFile[] files,
        HeadBlock[] blocks)
    {
        var now = Now;
        var rehydrates = source.TierAt(now) == StorageTier.Archive;
        return new ObjectHead
        {
            Revision = Guid.NewGuid(),
            State = Guid.NewGuid(),
            Name = destination,
            IsPut = source.IsPut,
            Tier = rehydrates ? StorageTier.Archive : options.Tier,
            RehydratingTo = rehydrates ? options.Tier : null,
            OnlineAt = now + _options.RehydrationTime,
            Modified = now,
            LengthBytes = source.LengthBytes,
            Metadata = options.MetadataOf(source.Name),
            Files = files,
            Blocks = blocks,
            InlineBytes = source.InlineBytes,
        };
    }

    /// <summary>Copies the blocks one behind the other into one new data file, durably.</summary>
    private (HeadFile[] Files, HeadBlock[] Blocks) CopyData(
        ObjectHead source, ObjectPaths from, ObjectPaths to, HeadFile[] present)
    {
        _files.CreateDirectory(to.Data);
        var id = Guid.NewGuid();
        var blocks = new HeadBlock[source.Blocks.Length];
        var end = 0L;
        Span<byte> header = stackalloc byte[BlockRecord.HeaderBytes];
        using var file = _files.Create(ObjectPaths.DataFile(to.Data, id));
        for (var index = 0; index < blocks.Length; index++)
        {
            var block = source.Blocks[index];
            var offset = end + BlockRecord.HeaderBytes;
            var record = new BlockRecord(
                block.Id, offset, block.LengthBytes, Now.UtcTicks,
                CopyBlock(source, from, block, file, offset));
            record.Encode(header);
            file.Write(end, header);
            blocks[index] = new HeadBlock(block.Id, present.Length, offset, block.LengthBytes);
            end = record.End;
        }

        file.Sync();
        _files.SyncDirectory(to.Data);
        _files.SyncDirectory(to.Parent);
        return ([.. present, new HeadFile(id, end)], blocks);
    }

    private UInt128 CopyBlock(
        ObjectHead source, ObjectPaths from, HeadBlock block, IFile file, long offset)
    {
        var path = ObjectPaths.DataFile(from.Data, source.Files[block.File].Id);
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(block.LengthBytes, CopyBufferBytes));
        var hash = new XxHash128();
        try
        {
            for (var done = 0; done < block.LengthBytes;)
            {
                var part = buffer.AsSpan(0, Math.Min(buffer.Length, block.LengthBytes - done));
                ReadData(source.Name, path, block.Offset + done, part);
                hash.Append(part);
                file.Write(offset + done, part);
                done += part.Length;
            }

            return hash.GetCurrentHashAsUInt128();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
