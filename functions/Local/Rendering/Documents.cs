#pragma warning disable MA0048 // The documents of --json are read together; README describes them.
using SnapshotFunctions.Engine.Check.Repairing;
using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Http.Costs;

namespace SnapshotFunctions.Local.Rendering;

/// <summary>Any command that failed.</summary>
internal sealed record ErrorDocument(ErrorBody Error);

/// <summary>What failed: a stable code, words for people, the exit code.</summary>
internal sealed record ErrorBody(string Code, string Message, int ExitCode);

/// <summary>What <c>ingest</c> came to.</summary>
internal sealed record IngestDocument(
    string Machine, int Version, int? Parent, int Against, string Fingerprint, long ChangedBytes,
    long StoredBytes, int Base, string Job, IReadOnlyList<ResumedDocument> Resumed,
    IReadOnlyList<IngestedImageDocument> Images, UsageDocument? Planned,
    UsageDocument? Used, LikeDocument? Like = null);

/// <summary>What a new machine was found to be like; no machine where none was like enough.</summary>
internal sealed record LikeDocument(
    string? Machine, int Version, int SamePercent, long SavedBytes);

/// <summary>What <c>clone</c> made.</summary>
internal sealed record CloneDocument(
    string Machine, int Version, string OriginMachine, int OriginVersion, string Fingerprint,
    bool Flattened, string Job, IReadOnlyList<ResumedDocument> Resumed, UsageDocument? Planned,
    UsageDocument? Used);

/// <summary>What <c>flatten</c> came to; no origin where there was none.</summary>
internal sealed record FlattenDocument(
    string Machine, string? OriginMachine, int OriginVersion, long StoredBytes, string Job,
    IReadOnlyList<ResumedDocument> Resumed, UsageDocument? Planned, UsageDocument? Used);

/// <summary>What <c>purge</c> came to.</summary>
internal sealed record PurgeResultDocument(
    string Machine, bool IsGone, DateTimeOffset? Due, long Objects, long Bytes, string Job,
    IReadOnlyList<ResumedDocument> Resumed, UsageDocument? Planned, UsageDocument? Used);

/// <summary>A machine and those that began from it.</summary>
internal sealed record TreeDocument(
    string Machine, int? OriginVersion, int Versions, int Newest, DateTimeOffset? Purged,
    IReadOnlyList<TreeDocument> Clones);

/// <summary>What <c>tree</c> shows.</summary>
internal sealed record TreesDocument(IReadOnlyList<TreeDocument> Trees);

/// <summary>An image that was taken in, and what it was found to be.</summary>
internal sealed record IngestedImageDocument(
    string File, string Format, string Description, long SizeBytes);

/// <summary>What <c>inspect</c> found a file to be.</summary>
internal sealed record InspectDocument(
    string File, long LengthBytes, string Format, string Description, long SizeBytes,
    long DataBytes, long ZeroBytes, long ParentBytes, bool HasParent, string? Id,
    IReadOnlyList<string> ParentIds, string? ParentHint);

/// <summary>A job that an earlier command left and this one ended.</summary>
internal sealed record ResumedDocument(
    string Job, string Flow, string State, string? ErrorCode, string? ErrorMessage);

/// <summary>What <c>list</c> shows: all machines.</summary>
internal sealed record MachinesDocument(string Store, IReadOnlyList<MachineDocument> Machines);

/// <summary>One machine.</summary>
internal sealed record MachineDocument(
    string Machine, int Newest, int Versions, DateTimeOffset? Time, long SizeBytes);

/// <summary>What <c>list MACHINE</c> shows: its versions.</summary>
internal sealed record VersionsDocument(
    string Machine, int Base, string BaseRule, HoldRecord? Hold,
    IReadOnlyList<VersionDocument> Versions);

/// <summary>One version.</summary>
internal sealed record VersionDocument(
    int Version, DateTimeOffset Time, string? Label, string State, string Role, int? Parent,
    string? Snapshot, long SizeBytes, long ChangedBytes, long StoredBytes, string Fingerprint,
    IReadOnlyList<PlaceDocument> Places, IReadOnlyList<PinDocument> Pins,
    DateTimeOffset? Expires);

/// <summary>Who needs a version.</summary>
internal sealed record PinDocument(string Owner, string? Reason, DateTimeOffset Time);

/// <summary>What <c>policy set</c> came to.</summary>
internal sealed record PolicySetDocument(
    string Machine, IReadOnlyList<PolicyChange> Changes, IReadOnlyList<int> Expires);

/// <summary>What <c>pin</c> and <c>unpin</c> came to.</summary>
internal sealed record PinnedDocument(string Machine, int Version, bool Pinned, bool Changed);

/// <summary>What <c>hold</c> and <c>release</c> came to.</summary>
internal sealed record HeldDocument(string Machine, bool Held, bool Changed);

/// <summary>How much of a version lies in one tier of one placement.</summary>
internal sealed record PlaceDocument(string Placement, string Tier, int Objects, long Bytes);

/// <summary>What <c>show</c> shows: one version in detail.</summary>
internal sealed record DetailDocument(
    string Machine, VersionDocument Version, HoldRecord? Hold, IReadOnlyList<DiskDocument> Disks,
    IReadOnlyList<MachineFileDocument> Files);

/// <summary>One machine file; where it was written to, if it was.</summary>
internal sealed record MachineFileDocument(
    string Name, long LengthBytes, string Sha256, int StoredBy, string? Path);

/// <summary>What <c>files</c> lists or has written.</summary>
internal sealed record MachineFilesDocument(
    string Machine, int Version, IReadOnlyList<MachineFileDocument> Files);

/// <summary>One disk of a version.</summary>
internal sealed record DiskDocument(
    string Disk, long SizeBytes, string Format, string? Source, string? ParentHint,
    long ChangedBytes, string Node, IReadOnlyList<ShardDocument> Shards);

/// <summary>One shard that the version changed, and the delta of that change.</summary>
internal sealed record ShardDocument(
    int Shard, int Previous, string Node, string? Direction, long Operation, long StoredBytes,
    string? Tier);

/// <summary>What <c>read --json</c> answers; data in base 64.</summary>
internal sealed record ReadDocument(
    string Machine, int Version, string Disk, long Offset, long Length, byte[] Data);

/// <summary>What <c>diff</c> found.</summary>
internal sealed record DiffDocument(
    string Machine, int From, int To, IReadOnlyList<DiskDiffDocument> Disks,
    string? WrittenTo = null, long? WrittenBytes = null);

/// <summary>How one disk differs; a size is null where the version has no such disk.</summary>
internal sealed record DiskDiffDocument(
    string Disk, long? FromSizeBytes, long? ToSizeBytes, long ChangedBytes,
    IReadOnlyList<RangeDocument> Ranges);

/// <summary>A range of bytes.</summary>
internal sealed record RangeDocument(long Offset, long Length);

/// <summary>What <c>consolidate</c> came to.</summary>
internal sealed record ConsolidateDocument(
    string Machine, int Base, int Operations, string Job, IReadOnlyList<ResumedDocument> Resumed,
    UsageDocument? Planned, UsageDocument? Used);

/// <summary>What <c>undo</c> came to.</summary>
internal sealed record UndoDocument(
    string Machine, int Withdrawn, int Newest, string Job,
    IReadOnlyList<ResumedDocument> Resumed, UsageDocument? Planned, UsageDocument? Used);

/// <summary>What <c>expire</c>, or <c>retention</c> of one machine, came to.</summary>
internal sealed record ExpireDocument(
    string Machine, IReadOnlyList<int> Expired, IReadOnlyList<int> Hidden, int Operations,
    long ReadBytes, long StoredBytes, string? Halted, bool IsComplete, string Job,
    IReadOnlyList<ResumedDocument> Resumed, UsageDocument? Planned, UsageDocument? Used);

/// <summary>What <c>retention</c> came to.</summary>
internal sealed record RetentionDocument(IReadOnlyList<ExpireDocument> Machines);

/// <summary>What <c>retention --dry-run</c> shows.</summary>
internal sealed record MarksDocument(IReadOnlyList<MachineMarksDocument> Machines);

/// <summary>The marks of a machine's versions.</summary>
internal sealed record MachineMarksDocument(
    string Machine, string? Halted, IReadOnlyList<MarkDocument> Versions);

/// <summary>What is to become of a version, and why.</summary>
internal sealed record MarkDocument(
    int Version, DateTimeOffset Time, bool IsKept, IReadOnlyList<string> Reasons);

/// <summary>What <c>demo</c> showed.</summary>
internal sealed record DemoDocument(
    string Store, int Base, IReadOnlyList<DemoVersionDocument> Compared,
    IReadOnlyList<VersionDocument> Versions, bool IsExact);

/// <summary>One version of the demo, compared with what it must be.</summary>
internal sealed record DemoVersionDocument(
    int Version, string ExpectedSha256, string FoundSha256, bool IsExact);

/// <summary>What <c>restore</c> came to.</summary>
internal sealed record RestoreDocument(
    string Machine, int Version, string Disk, string Target, string Format, long SizeBytes,
    long LengthBytes, long WrittenBytes, long ZeroedBytes, long ComparedBytes, string Node,
    int RehydratedObjects, long RehydratedBytes, UsageDocument? Planned, UsageDocument? Used);

/// <summary>What <c>verify</c> found.</summary>
internal sealed record VerifyDocument(
    string Machine, string Depth, bool IsSound, int Versions, int Shards, int Deltas, long Objects,
    long BytesRead, long Blocks, long Archived, long Orphans, long OrphanBytes, long Errors,
    long Warnings, IReadOnlyList<FindingDocument> Findings, RepairTally? Repair, UsageDocument? Planned,
    UsageDocument? Used);

/// <summary>What <c>upkeep</c> came to.</summary>
internal sealed record UpkeepDocument(
    IReadOnlyList<UpkeepResult> Machines, UsageDocument? Planned, UsageDocument? Used);

/// <summary>Something that is not as it must be.</summary>
internal sealed record FindingDocument(
    string Severity, string Object, string Expected, string Found, string Versions);

/// <summary>What <c>rebuild</c> came to.</summary>
internal sealed record RebuildDocument(
    int Count, int Rebuilt, int Failed, IReadOnlyList<RebuiltDocument> Machines,
    UsageDocument? Planned, UsageDocument? Used);

/// <summary>One machine that was looked at, and where its manifest came from.</summary>
internal sealed record RebuiltDocument(
    string Machine, string Source, int Versions, IReadOnlyList<string> Notes);

/// <summary>What <c>mount</c> serves, as soon as it does.</summary>
internal sealed record MountDocument(
    string Id, string Machine, int Version, bool IsWritable,
    IReadOnlyList<MountedDiskDocument> Disks);

/// <summary>One disk that is served.</summary>
internal sealed record MountedDiskDocument(
    string Disk, long SizeBytes, IReadOnlyList<string> Uris);

/// <summary>What <c>mounts</c> shows.</summary>
internal sealed record MountsDocument(IReadOnlyList<MountStateDocument> Mounts);

/// <summary>One mount.</summary>
internal sealed record MountStateDocument(
    string Id, string Machine, int Version, bool IsWritable, bool IsServed, bool IsCommitting,
    DateTimeOffset Time, long DataBytes);

/// <summary>A mount that was dropped.</summary>
internal sealed record MountDiscardDocument(string Id, string Machine, int Version);
