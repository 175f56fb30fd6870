using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Store;

/// <content>Data files: which there are, and giving back what no head names.</content>
public sealed partial class FolderStore
{
    /// <summary>
    /// Removes what crashes and cut-off uploads have left: data files and temporary heads that no
    /// object needs, and the space of blocks that no head names. Objects in use stay in use.
    /// </summary>
    /// <returns>How many objects' names had leftovers.</returns>
    public async Task<int> SweepAsync(CancellationToken cancellation = default)
    {
        var swept = 0;
        foreach (var name in EnumerateNames(string.Empty, ".d", ".t"))
        {
            if (await RunLockedAsync(name, paths => Sweep(paths, name), cancellation))
                swept++;
        }

        return swept;
    }

    private bool Sweep(ObjectPaths paths, string name)
    {
        var hadTemporary = _files.FileExists(paths.Temporary);
        _files.Delete(paths.Temporary);
        var names = _files.List(paths.Data);
        var before = names.Count;
        RemoveOrphanedLocks(paths, names);
        var head = LoadHead(paths, name);
        if (head is { IsDeleted: true })
        {
            EndDelete(paths, head);
        }
        else
        {
            RemoveDeadFiles(paths, head);
            foreach (var file in head?.Files ?? [])
                GiveBack(paths, head!, GapsOf(head!, file));
        }

        return hadTemporary || _files.List(paths.Data).Count < before;
    }

    /// <summary>A process that ended before it made its data file has left the file's lock.</summary>
    private void RemoveOrphanedLocks(ObjectPaths paths, IReadOnlyList<string> names)
    {
        foreach (var name in names.Where(name => name.EndsWith(".w", StringComparison.Ordinal)))
        {
            var path = $"{paths.Data}/{name}";
            if (names.Contains($"{name[..^2]}.b", StringComparer.Ordinal))
                continue;
            using var claim = _files.TryLock(path);
            if (claim is not null)
                _files.Delete(path);
        }
    }

    /// <summary>
    /// The data files there are, with the place up to which each is filled: as part of a head it
    /// says that nothing before counts as staged any more.
    /// </summary>
    private HeadFile[] PresentFiles(string name, ObjectPaths paths, ObjectHead? last)
    {
        var appender = _appenders.GetValueOrDefault(name);
        List<HeadFile> present = [];
        foreach (var id in ObjectPaths.DataFiles(_files.List(paths.Data)).Order())
        {
            if (appender?.Id == id)
            {
                present.Add(new HeadFile(id, appender.Next));
                continue;
            }

            using var file = _files.TryOpen(ObjectPaths.DataFile(paths.Data, id));
            if (file is null)
                continue;

            // A block that another process has under way ends behind the file's present end.
            var length = file.LengthBytes;
            _ = BlockRecord.Walk(file, last?.StagedFrom(id) ?? 0, length, out var end);
            present.Add(new HeadFile(id, Math.Max(end, length)));
        }

        SyncRemovals(paths, last, present);
        return [.. present];
    }

    /// <summary>
    /// The next head forgets where the staged blocks of files since removed ended. Their removal
    /// is made durable first: a file that a crash brought back would have all its blocks staged.
    /// </summary>
    private void SyncRemovals(ObjectPaths paths, ObjectHead? last, List<HeadFile> present)
    {
        if (last is null || Array.TrueForAll(
            last.Files, file => present.Exists(other => other.Id == file.Id)))
        {
            return;
        }

        _files.SyncDirectory(_files.DirectoryExists(paths.Data) ? paths.Data : paths.Parent);
    }

    /// <summary>Where blocks lay that the new head no longer names.</summary>
    private List<(Guid File, long From, long To)> DroppedBy(
        string name, ObjectHead? last, ObjectHead? standing, ObjectHead head)
    {
        var kept = head.Blocks.Select(block => (head.Files[block.File].Id, block.Offset)).ToHashSet();
        List<(Guid, long, long)> dropped = [];
        foreach (var block in standing?.Blocks ?? [])
            Add(standing!.Files[block.File].Id, block.Offset, block.LengthBytes);
        if (_appenders.TryGetValue(name, out var appender))
        {
            foreach (var record in appender.Staged.Values)
            {
                if (record.Offset >= (last?.StagedFrom(appender.Id) ?? 0)
                    && record.End <= head.StagedFrom(appender.Id))
                {
                    Add(appender.Id, record.Offset, record.LengthBytes);
                }
            }
        }

        return dropped;

        void Add(Guid file, long offset, int lengthBytes)
        {
            if (!kept.Contains((file, offset)))
                dropped.Add((file, offset - BlockRecord.HeaderBytes, offset + lengthBytes));
        }
    }

    /// <summary>The stretches of a data file that hold neither the head's blocks nor staged ones.</summary>
    private static List<(Guid File, long From, long To)> GapsOf(ObjectHead head, HeadFile file)
    {
        List<(Guid, long, long)> gaps = [];
        var at = 0L;
        var blocks = head.Blocks.Where(block => head.Files[block.File].Id == file.Id)
            .OrderBy(block => block.Offset);
        foreach (var block in blocks)
        {
            if (block.Offset - BlockRecord.HeaderBytes > at)
                gaps.Add((file.Id, at, block.Offset - BlockRecord.HeaderBytes));
            at = Math.Max(at, block.Offset + block.LengthBytes);
        }

        if (file.StagedFrom > at)
            gaps.Add((file.Id, at, file.StagedFrom));
        return gaps;
    }

    private void GiveBack(
        ObjectPaths paths, ObjectHead head, List<(Guid File, long From, long To)> dropped)
    {
        foreach (var file in dropped.GroupBy(stretch => stretch.File))
        {
            // A file without any block of the head is removed whole.
            if (!head.Blocks.Any(block => head.Files[block.File].Id == file.Key))
                continue;
            using var opened = _files.TryOpen(
                ObjectPaths.DataFile(paths.Data, file.Key), forWriting: true);
            foreach (var (_, from, to) in file)
                opened?.PunchHole(from, to - from);
        }
    }

    /// <summary>
    /// Removes data files that neither the head nor a staged block needs and no process appends
    /// to. True when none is left.
    /// </summary>
    private bool RemoveDeadFiles(ObjectPaths paths, ObjectHead? head)
    {
        var live = (head?.Blocks ?? []).Select(block => head!.Files[block.File].Id).ToHashSet();
        var left = 0;
        foreach (var id in ObjectPaths.DataFiles(_files.List(paths.Data)))
        {
            if (live.Contains(id) || !TryRemove(paths, head, id))
                left++;
        }

        if (left == 0)
            _files.DeleteDirectory(paths.Data);
        return left == 0;
    }

    private bool TryRemove(ObjectPaths paths, ObjectHead? head, Guid id)
    {
        var path = ObjectPaths.DataFile(paths.Data, id);
        var claimPath = ObjectPaths.AppendLock(paths.Data, id);
        try
        {
            using var claim = _files.TryLock(claimPath);
            if (claim is null || HoldsStaged(path, head?.StagedFrom(id) ?? 0))
                return false;
            _open.Remove(path);
            _files.Delete(path);
            _files.Delete(claimPath);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The write itself has succeeded; what could not be removed now is swept later.
            return false;
        }
    }

    private bool HoldsStaged(string path, long from)
    {
        using var file = _files.TryOpen(path);
        var oldestTicks = (Now - _options.StagedLifetime).UtcTicks;
        return file is not null
            && BlockRecord.Walk(file, from, file.LengthBytes, out _)
                .Exists(record => record.Id.Length > 0 && record.StagedAtTicks >= oldestTicks);
    }

    /// <summary>
    /// Ends a delete: the head that says "deleted" goes only when no data file can come back after
    /// a crash, for which their removal is synced first.
    /// </summary>
    private void EndDelete(ObjectPaths paths, ObjectHead head)
    {
        var removable = ObjectPaths.DataFiles(_files.List(paths.Data)).ToArray();
        if (!Array.TrueForAll(removable, id => TryRemove(paths, head, id)))
            return;
        if (_files.DirectoryExists(paths.Data))
            _files.SyncDirectory(paths.Data);
        _files.DeleteDirectory(paths.Data);
        _files.Delete(paths.Head);
    }
}
