using System.Diagnostics.CodeAnalysis;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// What must hold within a head or a page beyond its being JSON: orders, ranges and names. Read
/// and written state pass the same checks.
/// </summary>
internal sealed class ManifestChecks(string objectName)
{
    public void Check(ManifestHead head, string machine)
    {
        Require(head.FormatVersion == ManifestHead.CurrentFormat,
            $"format {ManifestHead.CurrentFormat}", $"format {head.FormatVersion}");
        Require(string.Equals(head.Machine, machine, StringComparison.Ordinal),
            $"machine '{machine}'", $"machine '{head.Machine}'");
        Require(ObjectNames.IsName(machine), "a machine's name", machine);
        CheckLayout(head.Layout);
        Require(head.Revision >= 1, "a revision from 1 up", $"{head.Revision}");
        Require(head.NextOperation >= 1 && head.NextVersion >= 1,
            "next numbers from 1 up", $"{head.NextOperation} and {head.NextVersion}");
        Require(head.Writes.Count <= ManifestCodec.WritesKept,
            $"at most {ManifestCodec.WritesKept} writes", $"{head.Writes.Count}");
        Require(head.Claim is null || (head.Claim.Epoch == head.Epoch && head.Epoch >= 1),
            $"a claim of the newest epoch, {head.Epoch}", $"{head.Claim}");
        if (PolicyChecks.Find(head.Policy) is { } fault)
            Require(false, $"a policy with {fault.Expected} at {fault.Path}", fault.Found);
        CheckPins(head.Pins ?? []);
        CheckOrigin(head.Origin, machine);
        CheckDisks(head.Disks, d => d.Name, d => d.SizeBytes);
        foreach (var disk in head.Disks) CheckTable(disk.Nodes, ShardTables.NodeBytes);
        CheckOperations(head);
        CheckRehydrated(head);
        var last = CheckPages(head.Pages);
        CheckVersions(head.Versions, last);
        Require(head.Versions.Count == 0 || head.Versions[^1].Number < head.NextVersion,
            $"versions below {head.NextVersion}", $"version {LastNumber(head.Versions)}");
        Require(last < head.NextVersion, $"pages below {head.NextVersion}", $"version {last}");
        CheckMerged(head.Merged);
        CheckPacks(head.Packs);
        foreach (var retired in head.Retired)
        {
            Require(retired.Operation >= 0, "an operation from 0 up", $"{retired.Operation}");
            foreach (var set in retired.Deltas) Check(set);
            foreach (var name in retired.Names)
            {
                Require(name.StartsWith(ObjectNames.Machine(machine), StringComparison.Ordinal),
            $"names below '{ObjectNames.Machine(machine)}'", name);
            }
        }
    }

    public void Check(VersionPage page, string machine, VersionPageReference reference)
    {
        Require(page.FormatVersion == VersionPage.CurrentFormat,
            $"format {VersionPage.CurrentFormat}", $"format {page.FormatVersion}");
        Require(string.Equals(page.Machine, machine, StringComparison.Ordinal),
            $"machine '{machine}'", $"machine '{page.Machine}'");
        Require(page.Versions.Count is >= 1 and <= ManifestOptions.MaxPageVersions
            && page.Versions.Count == reference.Count
            && page.Versions[0].Number == reference.First
            && page.Versions[^1].Number == reference.Last,
            $"{reference.Count} versions from {reference.First} to {reference.Last}",
            $"{page.Versions.Count}");
        CheckVersions(page.Versions, 0);
        CheckMerged(page.Merged);
        CheckPacks(page.Packs);
        Require((page.Packs ?? []).All(p => reference.MayListPack(p.Operation)),
            $"packs of operations {reference.PacksFrom} to {reference.PacksTo}", "others");
    }

    private void CheckPins(IReadOnlyList<PinRecord> pins)
    {
        Require(pins.Count <= PinRecord.MostPins, $"at most {PinRecord.MostPins} pins", $"{pins.Count}");
        PinRecord? before = null;
        foreach (var pin in pins)
        {
            Require(pin.Version >= 1 && PinRecord.IsOwner(pin.Owner)
                && (before is null || PinRecord.Compare(before, pin) < 0),
                $"a pin after {before}", $"{pin}");
            before = pin;
        }
    }

    internal void CheckOrigin(OriginRecord? origin, string machine)
    {
        if (origin is null) return;
        Require(ObjectNames.IsName(origin.Machine)
            && !string.Equals(origin.Machine, machine, StringComparison.Ordinal)
            && origin.Version >= 1 && origin.Depth is >= 1 and <= OriginRecord.MostDepth,
            $"a version of another machine, at most {OriginRecord.MostDepth} deep", $"{origin}");
        CheckDisks(origin.Disks, d => d.Name, d => d.SizeBytes);
        foreach (var disk in origin.Disks)
            Require(ObjectNames.IsName(disk.OriginName), "a disk's name", disk.OriginName);
    }

    internal void CheckLayout(Layout layout)
    {
        try
        {
            layout.Checked();
        }
        catch (CorruptObjectException error)
        {
            throw new CorruptObjectException(objectName, error.Expected, error.Found, error);
        }
    }

    private void CheckOperations(ManifestHead head)
    {
        var before = 0L;
        foreach (var operation in head.Operations)
        {
            Require(operation.Number > before && operation.Number < head.NextOperation,
                $"an operation above {before} and below {head.NextOperation}",
                $"operation {operation.Number}");
            before = operation.Number;
            foreach (var set in operation.Creates) Check(set);
            CheckPacks(operation.Packs);
            CheckNumbers(operation.Expires);
            CheckNumbers(operation.Hides);
            CheckFiles(operation.Files, operation.Version, isSorted: false);
            foreach (var set in operation.Bases)
                Require(ObjectNames.IsName(set.Disk), "a disk's name", set.Disk);
        }
    }

    private void CheckNumbers(IReadOnlyList<int>? versions)
    {
        var before = 0;
        foreach (var version in versions ?? [])
        {
            Require(version > before, $"a version above {before}", $"version {version}");
            before = version;
        }
    }

    private void CheckRehydrated(ManifestHead head)
    {
        var before = 0L;
        foreach (var record in head.Rehydrated ?? [])
        {
            Require(record.Operation > before && record.Operation < head.NextOperation
                && record.Version >= 1 && ObjectNames.IsName(record.Disk)
                && record.Objects >= 0 && record.Bytes >= 0,
                $"a rehydration above {before} and below {head.NextOperation}", $"{record}");
            before = record.Operation;
        }
    }

    private int CheckPages(IReadOnlyList<VersionPageReference> pages)
    {
        var last = 0;
        foreach (var page in pages)
        {
            Require(page.First > last && page.Last >= page.First
                && page.Count >= 1 && page.Count <= (long)page.Last - page.First + 1
                && page.Count <= ManifestOptions.MaxPageVersions,
                $"a page of versions above {last}", $"{page}");
            last = page.Last;
        }
        return last;
    }

    private void CheckVersions(IReadOnlyList<VersionRecord> versions, int above)
    {
        foreach (var version in versions)
        {
            Require(version.Number > above, $"a version above {above}", $"version {version.Number}");
            above = version.Number;
            Require(Enum.IsDefined(version.State) && version.Operation >= 1
                && version.Parent is not < 1,
                "a known state, an operation, a parent from 1 up", $"version {version.Number}");
            CheckDisks(version.Disks, d => d.Name, d => d.SizeBytes);
            CheckFiles(version.Files, version.Number, isSorted: true);
            foreach (var disk in version.Disks)
            {
                Require(disk.ChangedBytes >= 0, "changed bytes from 0 up", $"{disk.ChangedBytes}");
                CheckTable(disk.Edges, ShardTables.EdgeBytes);
            }
        }
    }

    private void CheckDisks<T>(
        IReadOnlyList<T> disks, Func<T, string> name, Func<T, long> sizeBytes)
    {
        string? before = null;
        foreach (var disk in disks)
        {
            Require(ObjectNames.IsName(name(disk)) && string.CompareOrdinal(name(disk), before) > 0,
                $"a disk's name after '{before}'", $"'{name(disk)}'");
            Require(sizeBytes(disk) >= 0, "a size from 0 up", $"{sizeBytes(disk)} bytes");
            before = name(disk);
        }
    }

    private void CheckFiles(IReadOnlyList<VersionFile>? files, int version, bool isSorted)
    {
        if (files is null) return;
        Require(files.Count is >= 1 and <= VersionFile.MostFiles,
            $"1 to {VersionFile.MostFiles} machine files", $"{files.Count}");
        string? before = null;
        foreach (var file in files)
        {
            Require(ObjectNames.IsFileName(file.Name)
                && (!isSorted || string.CompareOrdinal(file.Name, before) > 0),
                $"a machine file's name after '{before}'", $"'{file.Name}'");
            Require(file.LengthBytes is >= 0 and <= VersionFile.MostBytes
                && file.Version >= 1 && file.Version <= version && file.Operation >= 1
                && file.Index is >= 0 and < VersionFile.MostFiles,
                $"a machine file of version {version} or below", $"{file}");
            before = file.Name;
        }
    }

    private void CheckTable(TableReference table, int entryBytes)
    {
        if (table.Object is null)
        {
            var bytes = ShardTables.InlineBytes(table, entryBytes, objectName);
            if (entryBytes == ShardTables.EdgeBytes)
                ShardTables.UnpackEdges(bytes, table.Count, objectName);
            else
                ShardTables.UnpackNodes(bytes, table.Count, objectName);
            return;
        }
        Require(table.Inline is null && table.Count is >= 1 and <= ShardRanges.MaxShard + 1,
            "entries either in place or in an object", $"{table.Count} in both or neither");
    }

    private void CheckMerged(IReadOnlyList<MergedRecord> merged)
    {
        foreach (var record in merged)
        {
            Require(ObjectNames.IsName(record.Disk) && record.Operation >= 1 && record.Group >= 0
                && record.Level is >= 1 and <= MergedRecord.MaxLevel,
                $"a merged index of level 1 to {MergedRecord.MaxLevel}", $"{record}");
        }
    }

    private void CheckPacks(IReadOnlyList<PackRecord>? packs)
    {
        foreach (var pack in packs ?? [])
        {
            Require(pack.Operation >= 1 && pack.Number is >= 1 and <= DeltaPlace.MostPacks
                && Enum.IsDefined(pack.Tier) && pack.LengthBytes >= 0
                && pack.Members.Count is >= 1 and <= PackRecord.MostMembers,
                $"a pack of 1 to {PackRecord.MostMembers} sets", $"{pack.Operation}-{pack.Number}");
            foreach (var member in pack.Members)
            {
                Check(member);
                Require(member.Operation == pack.Operation && !member.Key.IsForward,
                    $"reverse deltas of operation {pack.Operation}", $"{member}");
            }
        }
    }

    private void Check(DeltaSet set) =>
        Require(ObjectNames.IsName(set.Disk) && set.From >= 0 && set.To >= 0 && set.From != set.To
            && set.Operation >= 1,
            "deltas between two versions", $"{set}");

    private void Require([DoesNotReturnIf(false)] bool holds, string expected, string found)
    {
        if (!holds) throw new CorruptObjectException(objectName, expected, found);
    }

    private static int LastNumber(IReadOnlyList<VersionRecord> versions) =>
        versions.Count == 0 ? 0 : versions[^1].Number;
}
