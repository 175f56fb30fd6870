using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Ports;

/// <summary>
/// One placement: a flat set of named objects made of blocks, as Azure block blobs are. What every
/// implementation guarantees, and the contract suite in tests/Shared holds each one to:
/// <list type="number">
/// <item>A write that returned is durable and whole; one that failed or was cut off has happened
/// wholly or not at all, and the caller cannot know which.</item>
/// <item>An ETag names one state of one name and never comes back, not even after the object was
/// deleted and made again.</item>
/// <item>Conditions are checked and the write is done as one act: of several writers with the same
/// IfMatch, or with IfAbsent, one wins and the others get <see cref="OvertakenException"/>.</item>
/// <item>A commit of a block list replaces the whole object; a committed block it does not name is
/// gone, and so is every staged block, named or not. Staging alone changes nothing a reader sees.</item>
/// <item>A read with IfMatch returns bytes of exactly that state or OvertakenException (also when
/// the object is gone it may be <see cref="ObjectNotFoundException"/>).</item>
/// <item>Listing is consistent with the writes that returned before it began, in ordinal order.</item>
/// <item>An archived object answers reads, copies and block commits that keep its blocks with
/// <see cref="ObjectArchivedException"/>; its properties and its deletion stay available.</item>
/// <item>A copy of an archived object begins and takes hours; until it ends it is itself an archived
/// object on its way to its tier: its bytes unreadable, its properties and its deletion available.
/// Its source may be deleted only after it has ended.</item>
/// </list>
/// Names are 1 to 1,024 characters of a-z, 0-9, '-', '.', '_' and '/'; no part between slashes is
/// empty, "." or "..". Errors are <see cref="StoreException"/>s only; whatever may pass is
/// <see cref="StoreBusyException"/>.
/// </summary>
public interface IObjectStore
{
    /// <summary>Where this is, for messages; holds no secret.</summary>
    string Description { get; }

    /// <summary>Writes a whole object, at most 64 MiB.</summary>
    /// <exception cref="OvertakenException">The condition did not hold.</exception>
    Task<ObjectProperties> PutAsync(
        string name, ReadOnlyMemory<byte> content, WriteOptions options,
        CancellationToken cancellation = default);

    /// <summary>Tells of an object, or null when there is none.</summary>
    Task<ObjectProperties?> FindAsync(string name, CancellationToken cancellation = default);

    /// <summary>
    /// Fills the destination from an object, all of it.
    /// </summary>
    /// <param name="name">The object.</param>
    /// <param name="offset">The first byte wanted.</param>
    /// <param name="destination">Filled whole; asking beyond the end is a RefusedStore error.</param>
    /// <param name="ifMatch">The state that must be read, or null for whatever stands.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="ObjectNotFoundException">No such object.</exception>
    /// <exception cref="OvertakenException">The object has another ETag now.</exception>
    /// <exception cref="ObjectArchivedException">Its bytes are archived.</exception>
    /// <exception cref="StoreRefusedException">The range does not lie within the object.</exception>
    Task ReadAsync(
        string name, long offset, Memory<byte> destination, string? ifMatch = null,
        CancellationToken cancellation = default);

    /// <summary>Reads a whole small object with its properties in one act.</summary>
    /// <param name="name">The object.</param>
    /// <param name="mostBytes">More than this is refused: a damaged length costs no memory.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="ObjectNotFoundException">No such object.</exception>
    /// <exception cref="StoreRefusedException">It is longer than <paramref name="mostBytes"/>.</exception>
    Task<(byte[] Content, ObjectProperties Properties)> ReadWholeAsync(
        string name, int mostBytes, CancellationToken cancellation = default);

    /// <summary>
    /// Stages one block of an object that may not exist yet. It is dropped by the next commit that
    /// does not name it, by a Put or a delete of the name, and by time (7 days or sooner).
    /// </summary>
    Task StageBlockAsync(
        string name, string blockId, ReadOnlyMemory<byte> content,
        CancellationToken cancellation = default);

    /// <summary>Makes the object the concatenation of these blocks, as one act.</summary>
    /// <exception cref="OvertakenException">
    /// The condition did not hold, or a named block is not (any more) there.
    /// </exception>
    Task<ObjectProperties> CommitBlocksAsync(
        string name, IReadOnlyList<BlockReference> blocks, WriteOptions options,
        CancellationToken cancellation = default);

    /// <summary>The committed blocks of an object, in order; empty after a Put.</summary>
    /// <exception cref="ObjectNotFoundException">No such object.</exception>
    Task<IReadOnlyList<CommittedBlock>> GetBlocksAsync(
        string name, CancellationToken cancellation = default);

    /// <summary>The objects whose names begin with a prefix, in ordinal order of names.</summary>
    IAsyncEnumerable<ObjectProperties> ListAsync(
        string prefix, CancellationToken cancellation = default);

    /// <summary>Deletes an object; false when there was none.</summary>
    /// <exception cref="OvertakenException">The object has another ETag.</exception>
    Task<bool> DeleteAsync(
        string name, string? ifMatch = null, CancellationToken cancellation = default);

    /// <summary>
    /// Copies an object to a new name of this placement, the bytes never passing through here.
    /// From an archived object this starts a rehydration and returns: the copy tells where it is
    /// going until its bytes can be read; the source stays as it is. The copy's metadata is what the
    /// options say and, as <see cref="CopyOptions.SourceName"/>, the name of its source. A copy of
    /// the same source that is there, or under way, is answered and not begun again, in whatever
    /// tier it lies; one under way is hurried by High. One that the store has given up is begun
    /// anew. Deleting a copy that is under way ends it.
    /// </summary>
    /// <returns>The copy as it stands.</returns>
    /// <exception cref="ObjectNotFoundException">No such source.</exception>
    /// <exception cref="OvertakenException">There is another object of the copy's name.</exception>
    /// <exception cref="StoreRefusedException">
    /// Onto itself, or to Archive, where nothing could be read.
    /// </exception>
    Task<ObjectProperties> CopyAsync(
        string source, string destination, CopyOptions options,
        CancellationToken cancellation = default);

    /// <summary>
    /// Moves an object to another tier. From Archive this starts a rehydration, which takes time:
    /// until it ends the object stays archived and tells where it is going. The ETag may change.
    /// </summary>
    /// <exception cref="ObjectNotFoundException">No such object.</exception>
    Task SetTierAsync(
        string name, StorageTier tier, CancellationToken cancellation = default);

    /// <summary>
    /// Moves an object to another tier and says how soon, where that is a rehydration. One under
    /// way to the same tier is hurried by High. A store that knows no priorities does as without.
    /// </summary>
    /// <exception cref="ObjectNotFoundException">No such object.</exception>
    Task SetTierAsync(
        string name, StorageTier tier, RehydrationPriority priority,
        CancellationToken cancellation = default) => SetTierAsync(name, tier, cancellation);
}
