using System.IO.Hashing;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Store;

/// <content>Writes of whole objects, tiers and deletes.</content>
public sealed partial class FolderStore
{
    /// <inheritdoc/>
    public async Task<ObjectProperties> PutAsync(
        string name, ReadOnlyMemory<byte> content, WriteOptions options,
        CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        ObjectRules.CheckOptions(name, options);
        ObjectRules.CheckPutLength(name, content.Length);
        return await RunLockedAsync(name, Act, cancellation);

        ObjectProperties Act(ObjectPaths paths)
        {
            var last = LoadHead(paths, name);
            _ = CheckWrite(name, last, options);
            _directories.Ensure(paths.Parent);
            var present = PresentFiles(name, paths, last);
            var isInline = content.Length <= MostInlineBytes;
            var (files, blocks) = isInline ? (present, []) : WriteData(paths, present, content.Span);
            var head = NewHead(name, options, isPut: true, content.Length, files, blocks);
            WriteHead(paths, head, isInline ? content.Span : null);
            Retire(name);
            RemoveDeadFiles(paths, head);
            return head.PropertiesAt(Now);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(
        string name, string? ifMatch = null, CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        return await RunLockedAsync(name, Act, cancellation);

        bool Act(ObjectPaths paths)
        {
            var standing = LoadHead(paths, name);
            if (standing is null or { IsDeleted: true })
                return false;
            if (ifMatch is not null && !string.Equals(standing.ETag, ifMatch, StringComparison.Ordinal))
                throw new OvertakenException(name, "it has another ETag than was to be deleted");
            _directories.Ensure(paths.Parent);
            var present = PresentFiles(name, paths, standing);
            if (present.Length == 0)
            {
                _files.Delete(paths.Head);
                _files.SyncDirectory(paths.Parent);
                return true;
            }

            // From this head on the object is gone; a crash leaves only data files to sweep, none
            // of whose blocks count as staged.
            var head = new ObjectHead
            {
                Revision = Guid.NewGuid(),
                State = Guid.NewGuid(),
                Name = name,
                IsDeleted = true,
                Modified = Now,
                Files = present,
            };
            WriteHead(paths, head, default);
            Retire(name);
            EndDelete(paths, head);
            return true;
        }
    }

    /// <inheritdoc/>
    public async Task SetTierAsync(
        string name, StorageTier tier, CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        await RunLockedAsync(name, Act, cancellation);

        bool Act(ObjectPaths paths)
        {
            using var file = _files.TryOpen(paths.Head) ?? throw new ObjectNotFoundException(name);
            var head = HeadFormat.Read(file, name, withTables: true);
            if (head.IsDeleted)
                throw new ObjectNotFoundException(name);
            byte[]? content = head.InlineBytes < 0 ? null : new byte[head.InlineBytes];
            if (content is not null)
                ReadInline(file, head, 0, content);
            _directories.Ensure(paths.Parent);
            WriteHead(paths, Moved(head, tier, Now), content);
            return true;
        }
    }

    /// <summary>The head after a change of tier; from the archive it takes its time.</summary>
    private ObjectHead Moved(ObjectHead head, StorageTier tier, DateTimeOffset now)
    {
        var from = head.TierAt(now);
        var rehydrates = from == StorageTier.Archive && tier != StorageTier.Archive;
        return new ObjectHead
        {
            Revision = Guid.NewGuid(),
            State = head.State,
            Name = head.Name,
            IsPut = head.IsPut,
            Tier = rehydrates ? StorageTier.Archive : tier,
            RehydratingTo = rehydrates ? tier : null,
            OnlineAt = head.RehydratesAt(now) ? head.OnlineAt : now + _options.RehydrationTime,
            Modified = head.Modified,
            LengthBytes = head.LengthBytes,
            Metadata = head.Metadata,
            Files = head.Files,
            Blocks = head.Blocks,
            InlineBytes = head.InlineBytes,
        };
    }

    /// <summary>
    /// Checks the condition of a write. No archived object is written over: Azure answers a write
    /// over one with BlobArchived, and deleting it first is a decision for the caller.
    /// </summary>
    private ObjectHead? CheckWrite(string name, ObjectHead? head, WriteOptions options)
    {
        var standing = head is { IsDeleted: true } ? null : head;
        if (options.IfAbsent && standing is not null)
            throw new OvertakenException(name, "there is an object of that name");
        if (options.IfMatch is not null
            && !string.Equals(standing?.ETag, options.IfMatch, StringComparison.Ordinal))
        {
            throw new OvertakenException(name, "it has another ETag, or is gone");
        }

        var now = Now;
        return standing?.TierAt(now) == StorageTier.Archive
            ? throw new ObjectArchivedException(name, standing.RehydratesAt(now))
            : standing;
    }

    private ObjectHead NewHead(
        string name, WriteOptions options, bool isPut, long lengthBytes, HeadFile[] files,
        HeadBlock[] blocks) => new()
    {
        Revision = Guid.NewGuid(),
        State = Guid.NewGuid(),
        Name = name,
        IsPut = isPut,
        Tier = options.Tier,
        Modified = Now,
        LengthBytes = lengthBytes,
        Metadata = options.Metadata ?? new Dictionary<string, string>(StringComparer.Ordinal),
        Files = files,
        Blocks = blocks,
        InlineBytes = isPut && blocks.Length == 0 ? (int)lengthBytes : -1,
    };

    /// <summary>Writes a large object's bytes as the one block of a new data file, durably.</summary>
    private (HeadFile[] Files, HeadBlock[] Blocks) WriteData(
        ObjectPaths paths, HeadFile[] present, ReadOnlySpan<byte> content)
    {
        _files.CreateDirectory(paths.Data);
        var id = Guid.NewGuid();
        var record = new BlockRecord(
            Convert.ToBase64String([0]), BlockRecord.HeaderBytes, content.Length, Now.UtcTicks,
            XxHash128.HashToUInt128(content));
        Span<byte> header = stackalloc byte[BlockRecord.HeaderBytes];
        record.Encode(header);
        using var file = _files.Create(ObjectPaths.DataFile(paths.Data, id));
        file.Write(0, header);
        file.Write(record.Offset, content);
        file.Sync();
        _files.SyncDirectory(paths.Data);
        _files.SyncDirectory(paths.Parent);
        return (
            [.. present, new HeadFile(id, record.End)],
            [new HeadBlock(record.Id, present.Length, record.Offset, record.LengthBytes)]);
    }

    /// <summary>
    /// Replaces an object's head as one act. Whatever the head refers to is durable already; a
    /// crash before the rename leaves a temporary file that the next write empties.
    /// </summary>
    private void WriteHead(ObjectPaths paths, ObjectHead head, ReadOnlySpan<byte> inline)
    {
        var bytes = HeadFormat.Encode(head);
        using (var file = _files.Create(paths.Temporary))
        {
            file.Write(0, bytes);
            if (head.InlineBytes >= 0)
            {
                file.Write(bytes.Length, inline);
                file.Write(bytes.Length + inline.Length, XxHash128.Hash(inline));
            }

            file.Sync();
        }

        _files.Rename(paths.Temporary, paths.Head);
        _files.SyncDirectory(paths.Parent);
    }
}
