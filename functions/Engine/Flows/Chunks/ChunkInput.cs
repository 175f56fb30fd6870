using SnapshotFunctions.Engine.Format;

namespace SnapshotFunctions.Engine.Flows.Chunks;

/// <summary>At most 64 shards of one disk that one sub-flow works through.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Disk">The disk.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Epoch">The turn's epoch.</param>
/// <param name="Shards">The shards, as ranges.</param>
/// <param name="Chunk">The chunk's number in the operation.</param>
/// <param name="Record">Whether the outcomes are put down in the store, as there are many.</param>
/// <param name="Ingest">What ingestion needs besides; null for other work.</param>
/// <param name="Fence">What fencing needs besides; null for other work.</param>
/// <param name="Merge">What merging needs besides; null for other work.</param>
/// <param name="Compose">What composing needs besides; null for other work.</param>
public sealed record ChunkInput(
    string Machine, string Disk, long Operation, long Epoch, string Shards, int Chunk, bool Record,
    IngestChunk? Ingest = null, FenceChunk? Fence = null, MergeChunk? Merge = null,
    ComposeChunk? Compose = null);

/// <summary>What ingestion needs besides.</summary>
/// <param name="Version">The version that is made.</param>
/// <param name="Newest">The version deltas are stored against.</param>
/// <param name="Parent">The version the image is laid on; 0 for a full one.</param>
/// <param name="Source">The upload.</param>
/// <param name="Identity">The state of it first seen.</param>
/// <param name="Format">What the image is.</param>
/// <param name="DiskBytes">The disk's size in the upload.</param>
/// <param name="NewestBytes">The disk's size at the newest version.</param>
/// <param name="Card">What is known of the version.</param>
#pragma warning disable MA0048 // The parts of a chunk's input are read together.
public sealed record IngestChunk(
    int Version, int Newest, int Parent, string Source, string Identity, string Format,
    long DiskBytes, long NewestBytes, VersionCard Card);

/// <summary>What fencing needs besides.</summary>
/// <param name="Fenced">The operation that is shut out.</param>
/// <param name="Empties">Whether what it has committed is undone.</param>
public sealed record FenceChunk(long Fenced, bool Empties);

/// <summary>What merging needs besides.</summary>
/// <param name="Level">The group's level.</param>
/// <param name="Group">The group's number.</param>
public sealed record MergeChunk(int Level, int Group);

/// <summary>What composing needs besides.</summary>
/// <param name="From">The version that the new deltas are laid over.</param>
/// <param name="To">The version that they lead to.</param>
public sealed record ComposeChunk(int From, int To);
