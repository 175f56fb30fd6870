using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Store;

/// <content>Staging of blocks and commits of their lists.</content>
public sealed partial class FolderStore
{
    /// <inheritdoc/>
    public async Task StageBlockAsync(
        string name, string blockId, ReadOnlyMemory<byte> content,
        CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        ObjectRules.CheckBlock(name, blockId, content.Length);
        var appender = await EnterAppenderAsync(name, cancellation);
        try
        {
            await RunAsync(name, Act, cancellation);
        }
        catch (StoreBusyException)
        {
            // The disk may have kept a part of it: nothing more is put behind that.
            Retire(name);
            throw;
        }
        finally
        {
            appender.Leave();
        }

        Task<bool> Act()
        {
            if (appender.OfOtherLength(blockId) is { } other && IsStagedStill(name, appender, other))
            {
                throw new StoreRefusedException(
                    name, $"block id '{blockId}' is not as long as '{other.Id}', staged before");
            }

            appender.Append(blockId, content.Span, Now.UtcTicks);
            return Task.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public async Task<ObjectProperties> CommitBlocksAsync(
        string name, IReadOnlyList<BlockReference> blocks, WriteOptions options,
        CancellationToken cancellation = default)
    {
        ObjectRules.CheckName(name);
        ObjectRules.CheckOptions(name, options);
        ObjectRules.CheckBlockList(name, blocks);
        return await RunLockedAsync(name, Act, cancellation);

        ObjectProperties Act(ObjectPaths paths)
        {
            var last = LoadHead(paths, name);
            var standing = CheckWrite(name, last, options);
            var files = PresentFiles(name, paths, last);
            var (list, used) = Resolve(name, paths, last, standing, files, blocks);
            _directories.Ensure(paths.Parent);
            SyncStaged(paths, last, files, used);
            var length = list.Sum(block => (long)block.LengthBytes);
            var head = NewHead(name, options, isPut: false, length, files, list);
            WriteHead(paths, head, default);

            // The commit stands. What follows only gives space back; the sweep does it as well.
            var dropped = DroppedBy(name, last, standing, head);
            Retire(name);
            GiveBack(paths, head, dropped);
            RemoveDeadFiles(paths, head);
            return head.PropertiesAt(Now);
        }
    }

    /// <summary>An appender for this object, entered; it must be left again.</summary>
    private async Task<Appender> EnterAppenderAsync(string name, CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_appenders.TryGetValue(name, out var appender) && appender.TryEnter())
                return appender;
            await RunLockedAsync(
                name,
                paths =>
                {
                    if (!_appenders.ContainsKey(name))
                        _appenders[name] = NewAppender(name, paths);
                    return true;
                },
                cancellation);
        }
    }

    /// <summary>
    /// Takes over a data file that no process appends to, else makes one. A file whose last
    /// records are not whole is left as it is: what came behind them could not be found again.
    /// </summary>
    private Appender NewAppender(string name, ObjectPaths paths)
    {
        if (_appenders.Count >= MostAppenders)
            Retire(_appenders.Keys.First());
        _directories.Ensure(paths.Parent);
        _files.CreateDirectory(paths.Data);
        var head = LoadHead(paths, name);
        foreach (var id in ObjectPaths.DataFiles(_files.List(paths.Data)))
        {
            if (_files.TryLock(ObjectPaths.AppendLock(paths.Data, id)) is not { } claim)
                continue;
            if (_files.TryOpen(ObjectPaths.DataFile(paths.Data, id), forWriting: true) is { } file)
            {
                var length = file.LengthBytes;
                _ = BlockRecord.Walk(file, head?.StagedFrom(id) ?? 0, length, out var end);
                if (end == length)
                    return new Appender(id, file, claim, length, _options.PagedFromBytes);
                file.Dispose();
            }

            claim.Dispose();
        }

        var fresh = Guid.NewGuid();
        var fresher = _files.TryLock(ObjectPaths.AppendLock(paths.Data, fresh))
            ?? throw new IOException("A new data file's lock was taken.");
        return new Appender(
            fresh, _files.Create(ObjectPaths.DataFile(paths.Data, fresh)), fresher, 0,
            _options.PagedFromBytes);
    }

    /// <summary>Whether another process's commit has not dropped this block meanwhile.</summary>
    private bool IsStagedStill(string name, Appender appender, BlockRecord record)
    {
        var head = LoadHead(PathsOf(name), name);
        return record.Offset >= (head?.StagedFrom(appender.Id) ?? 0);
    }

    private (HeadBlock[] List, HashSet<int> Used) Resolve(
        string name, ObjectPaths paths, ObjectHead? last, ObjectHead? standing, HeadFile[] files,
        IReadOnlyList<BlockReference> blocks)
    {
        var committed = new Dictionary<string, HeadBlock>(StringComparer.Ordinal);
        foreach (var block in standing is { IsPut: false } ? standing.Blocks : [])
        {
            var file = Array.FindIndex(files, file => file.Id == standing!.Files[block.File].Id);
            if (file < 0)
                throw new StoreRefusedException(name, "a data file of it is missing");
            committed[block.Id] = block with { File = file };
        }

        var wanted = blocks.Where(block => !block.Committed).Select(block => block.Id)
            .ToHashSet(StringComparer.Ordinal);
        var staged = FindStaged(name, paths, last, files, wanted);
        var list = new HeadBlock[blocks.Count];
        for (var index = 0; index < list.Length; index++)
        {
            var (id, isCommitted) = blocks[index];
            if (!(isCommitted ? committed : staged).TryGetValue(id, out list[index]))
            {
                throw new OvertakenException(
                    name, $"block {id} is not {(isCommitted ? "committed" : "staged")}");
            }
        }

        return (list, [.. staged.Values.Select(block => block.File)]);
    }

    /// <summary>The newest staged block of each wanted id, whichever process staged it.</summary>
    private Dictionary<string, HeadBlock> FindStaged(
        string name, ObjectPaths paths, ObjectHead? last, HeadFile[] files, HashSet<string> wanted)
    {
        var found = new Dictionary<string, (BlockRecord Record, int File)>(StringComparer.Ordinal);
        if (wanted.Count == 0)
            return [];
        var appender = _appenders.GetValueOrDefault(name);
        var oldestTicks = (Now - _options.StagedLifetime).UtcTicks;
        for (var index = 0; index < files.Length; index++)
        {
            var id = files[index].Id;
            var from = last?.StagedFrom(id) ?? 0;
            var isOwn = appender?.Id == id;
            var to = isOwn ? appender!.Start : files[index].StagedFrom;
            if (from < to)
            {
                using var file = _files.TryOpen(ObjectPaths.DataFile(paths.Data, id));
                foreach (var record in file is null ? [] : BlockRecord.Walk(file, from, to, out _))
                {
                    // Not of this run, so that a crash may have torn it: its bytes are checked.
                    if (Counts(record, from) && record.IsWhole(file!))
                        found[record.Id] = (record, index);
                }
            }

            foreach (var record in isOwn ? [.. appender!.Staged.Values] : Array.Empty<BlockRecord>())
            {
                if (Counts(record, from))
                    found[record.Id] = (record, index);
            }
        }

        return found.ToDictionary(
            pair => pair.Key,
            pair => new HeadBlock(
                pair.Key, pair.Value.File, pair.Value.Record.Offset, pair.Value.Record.LengthBytes),
            StringComparer.Ordinal);

        bool Counts(BlockRecord record, long from) =>
            wanted.Contains(record.Id) && record.Offset >= from
            && record.StagedAtTicks >= oldestTicks
            && (!found.TryGetValue(record.Id, out var other)
                || other.Record.StagedAtTicks <= record.StagedAtTicks);
    }

    /// <summary>Makes the staged blocks that a commit names durable, and the names of their files.</summary>
    private void SyncStaged(
        ObjectPaths paths, ObjectHead? last, HeadFile[] files, HashSet<int> used)
    {
        foreach (var index in used)
        {
            using var file = _files.TryOpen(ObjectPaths.DataFile(paths.Data, files[index].Id))
                ?? throw new IOException("A data file has gone.");
            file.Sync();
        }

        // A file with blocks of the last head has had its name made durable by that commit. Both
        // names are made so before the rename, which a crash might keep while it forgets them.
        var known = (last?.Blocks ?? []).Select(block => last!.Files[block.File].Id).ToHashSet();
        if (used.All(index => known.Contains(files[index].Id)))
            return;
        _files.SyncDirectory(paths.Data);
        _files.SyncDirectory(paths.Parent);
    }
}
