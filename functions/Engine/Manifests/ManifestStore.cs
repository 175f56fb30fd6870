using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// The manifests of all machines of one store: read, changed by compare-and-swap, claimed, copied
/// and swept. Safe for any thread and any number of processes.
/// </summary>
/// <param name="baseStore">The base placement: heads, pages, tables.</param>
/// <param name="deltaStore">The delta placement: copies of heads, and what is swept.</param>
/// <param name="options">The sizes.</param>
/// <param name="time">The clock.</param>
/// <param name="isOwnerGone">
/// Whether the owner of a claim is known to be dead, so that its turn may be taken before the claim
/// ends; null: nobody is.
/// </param>
/// <param name="observer">Told of every manifest that was written; null for nobody.</param>
public sealed partial class ManifestStore(
    IObjectStore baseStore, IObjectStore deltaStore, ManifestOptions options, TimeProvider time,
    Func<string, bool>? isOwnerGone = null, IManifestObserver? observer = null)
{
    private const int MostAttempts = 64;
    private const int MostRepeats = 8;
    private const int NamesInAdvice = 10;

    private readonly ManifestOptions _options = options.Checked();
    private readonly ManifestReader _reader = new(baseStore);

    /// <summary>The sizes.</summary>
    internal ManifestOptions Options => _options;

    /// <summary>Whether the owner of a claim is known to be dead; null: nobody is.</summary>
    internal Func<string, bool>? IsOwnerGone => isOwnerGone;

    /// <summary>The manifest of a machine, or null when there is none.</summary>
    /// <exception cref="CorruptObjectException">The head is damaged.</exception>
    public async Task<Manifest?> FindAsync(string machine, CancellationToken cancellation = default)
    {
        ObjectNames.CheckName("machine", machine);
        try
        {
            var (bytes, properties) = await baseStore.ReadWholeAsync(
                ObjectNames.Head(machine), ManifestCodec.MaxHeadBytes, cancellation);
            var head = ManifestCodec.ReadHead(bytes, properties, machine);
            return new Manifest(head, properties.ETag, _reader);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The manifest of a machine.</summary>
    /// <exception cref="NoSuchException">There is no such machine.</exception>
    public async Task<Manifest> LoadAsync(string machine, CancellationToken cancellation = default) =>
        await FindAsync(machine, cancellation) ?? throw await NoMachineAsync(machine, cancellation);

    /// <summary>Makes the manifest of a new machine.</summary>
    /// <exception cref="RefusedException">Reason "machine-exists": there is one already.</exception>
    public Task<Manifest> CreateAsync(
        string machine, Layout layout, MachinePolicy policy,
        CancellationToken cancellation = default) =>
        CreateAsync(machine, layout, policy, _ => ValueTask.CompletedTask, cancellation);

    /// <summary>
    /// Makes the manifest of a new machine above the numbers of the one that was seen deleted.
    /// </summary>
    /// <exception cref="RefusedException">
    /// Reason "machine-exists": there is one already; "machine-going": another was deleted since.
    /// </exception>
    internal Task<Manifest> CreateAsync(
        string machine, Layout layout, MachinePolicy policy, GoneMachine numbers,
        CancellationToken cancellation) =>
        CreateAsync(
            machine, layout, policy, numbers, _ => ValueTask.CompletedTask, cancellation);

    /// <summary>Makes the manifest of a new machine that begins with something in it.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="layout">The sizes that it is cut by.</param>
    /// <param name="policy">What its owner decided.</param>
    /// <param name="fill">Puts in what it begins with.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="RefusedException">Reason "machine-exists": there is one already.</exception>
    public async Task<Manifest> CreateAsync(
        string machine, Layout layout, MachinePolicy policy, Func<ManifestEdit, ValueTask> fill,
        CancellationToken cancellation = default)
    {
        ObjectNames.CheckName("machine", machine);
        var numbers = await GoneMachine.NumbersAsync(baseStore, machine, cancellation);
        return await CreateAsync(machine, layout, policy, numbers, fill, cancellation);
    }

    private async Task<Manifest> CreateAsync(
        string machine, Layout layout, MachinePolicy policy, GoneMachine numbers,
        Func<ManifestEdit, ValueTask> fill, CancellationToken cancellation)
    {
        ObjectNames.CheckName("machine", machine);
        var id = NewWriteId();
        var empty = ManifestHead.New(machine, time.GetUtcNow(), layout, policy) with
        {
            NextOperation = numbers.NextOperation, NextVersion = numbers.NextVersion,
            Epoch = numbers.Epoch, Revision = numbers.Revision,
            FirstOperation = numbers.NextOperation == 1 ? null : numbers.NextOperation,
        };
        var edit = new ManifestEdit(
            new Manifest(empty, string.Empty, _reader), baseStore, _options, empty.Created);
        await fill(edit);
        var head = await edit.CompleteAsync(id, cancellation);
        var bytes = ManifestCodec.Write(head);
        try
        {
            var written = await baseStore.PutAsync(
                ObjectNames.Head(machine), bytes,
                ManifestCodec.HeadOptions(bytes, ifMatch: null, ifAbsent: true), cancellation);
            await RequireNumbersAsync(head, numbers, written.ETag, cancellation);
            return await ToldAsync(new Manifest(head, written.ETag, _reader), cancellation);
        }
        catch (OvertakenException error)
        {
            // Our own write may have happened and its answer been lost.
            if (await FindAsync(machine, cancellation) is { } found && Names(found.Head, id))
                return await ToldAsync(found, cancellation);
            throw new RefusedException(
                "machine-exists", $"There is a machine '{machine}' already: {error.Message}");
        }
    }

    /// <summary>
    /// Takes a new machine back whose numbers were read before an older one of its name was
    /// deleted: it would give some of them a second time.
    /// </summary>
    private async Task RequireNumbersAsync(
        ManifestHead head, GoneMachine numbers, string etag, CancellationToken cancellation)
    {
        var (found, _) = await GoneMachine.FindAsync(baseStore, head.Machine, cancellation);
        if (found is null || found.Time == numbers.Time) return;
        await baseStore.DeleteAsync(ObjectNames.Head(head.Machine), etag, cancellation);
        throw new RefusedException(
            "machine-going",
            $"An older machine '{head.Machine}' was deleted meanwhile: make it again.");
    }

    /// <summary>
    /// The names of all machines, in the ordinal order of their heads' names. Walks all names of
    /// the base placement, one shard's base at a time; the tables' projection answers this faster.
    /// </summary>
    public IAsyncEnumerable<string> ListMachinesAsync(CancellationToken cancellation = default) =>
        ListMachinesAsync(string.Empty, cancellation);

    /// <summary>The names of the machines that begin with a text, in the same order.</summary>
    public async IAsyncEnumerable<string> ListMachinesAsync(
        string beginning, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        const string Prefix = "machines/";
        await foreach (var found in baseStore.ListAsync($"{Prefix}{beginning}", cancellation))
        {
            var rest = found.Name.AsSpan(Prefix.Length);
            var slash = rest.IndexOf('/');
            if (slash > 0 && rest[slash..] is "/head.json") yield return rest[..slash].ToString();
        }
    }

    /// <summary>
    /// Changes a manifest: reads it, makes the change, writes pages and then the head if nobody
    /// else was first; else makes the change again from the newer state. A change that leaves all
    /// as it was writes nothing.
    /// </summary>
    /// <returns>The manifest as written (or newer, when the write's answer was lost).</returns>
    /// <exception cref="NoSuchException">There is no such machine.</exception>
    /// <exception cref="OvertakenException">Others were first too many times.</exception>
    public async Task<Manifest> UpdateAsync(
        string machine, Func<ManifestEdit, ValueTask> change,
        CancellationToken cancellation = default)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            await PauseAsync(attempt, cancellation);
            var before = await LoadAsync(machine, cancellation);
            var edit = new ManifestEdit(before, baseStore, _options, time.GetUtcNow());
            await change(edit);
            if (!edit.IsChanged) return before;
            var id = NewWriteId();
            var head = await edit.CompleteAsync(id, cancellation);
            if (await WriteAsync(head, id, before.ETag, cancellation) is { } written)
                return await ToldAsync(written, cancellation);
            await RemoveLeftAsync(edit, cancellation);
        }
        throw new OvertakenException(
            ObjectNames.Head(machine), $"other writers were first {MostAttempts} times");
    }

    private async Task<Manifest> ToldAsync(Manifest written, CancellationToken cancellation)
    {
        if (observer is not null) await observer.WrittenAsync(written, cancellation);
        return written;
    }

    /// <summary>Writes a head over the state it was made from; null when another was first.</summary>
    private async Task<Manifest?> WriteAsync(
        ManifestHead head, string id, string etag, CancellationToken cancellation)
    {
        var name = ObjectNames.Head(head.Machine);
        var bytes = ManifestCodec.Write(head);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var written = await baseStore.PutAsync(
                    name, bytes, ManifestCodec.HeadOptions(bytes, etag, ifAbsent: false),
                    cancellation);
                return new Manifest(head, written.ETag, _reader);
            }
            catch (StoreException error) when (
                error is OvertakenException or StoreBusyException && attempt < MostRepeats)
            {
                var found = await LoadAsync(head.Machine, cancellation);
                // The write happened and its answer was lost, even if others have written since.
                if (Names(found.Head, id)) return found;
                if (!string.Equals(found.ETag, etag, StringComparison.Ordinal))
                {
                    // Too many writes since to tell; making the change again could do it twice.
                    if (found.Head.Revision - head.Revision >= ManifestCodec.WritesKept) throw;
                    return null;
                }
                // It may still be under way: the same bytes again over the same state cannot do
                // the change twice, whichever of the two arrives.
                await PauseAsync(attempt + 1, cancellation);
            }
        }
    }

    private async Task<NoSuchException> NoMachineAsync(
        string machine, CancellationToken cancellation)
    {
        var names = new List<string>();
        var count = 0;
        await foreach (var name in ListMachinesAsync(cancellation))
        {
            if (count++ < NamesInAdvice) names.Add(name);
        }
        var more = count > NamesInAdvice ? " ..." : string.Empty;
        return new NoSuchException(
            $"machine '{machine}'",
            count == 0
                ? $"{baseStore.Description} holds no machine yet."
                : $"{baseStore.Description} holds {count}: {string.Join(", ", names)}{more}.");
    }

    private async Task PauseAsync(int attempt, CancellationToken cancellation)
    {
        // The first tries follow at once: mostly there is one other writer, and it is done.
        if (attempt < 3) return;
        var mostMilliseconds = Math.Min(1000, 5 << Math.Min(attempt, 8));
        var milliseconds = RandomNumberGenerator.GetInt32(1, mostMilliseconds + 1);
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time, cancellation);
    }

    private static bool Names(ManifestHead head, string id) =>
        head.Writes.Contains(id, StringComparer.Ordinal);

    // Random, because two tries of one step are two writes; no flow ever sees it.
    private static string NewWriteId() => RandomNumberGenerator.GetHexString(16, lowercase: true);
}
