using System.Text.Json;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>
/// The right to start and resume jobs about one machine: <c>drivers/{machine}</c> in the base
/// placement, taken by compare-and-swap and renewed while it is held. A job's journal goes to
/// whoever drives it last; the lease keeps a command from driving what another one that is alive
/// drives already. Should one be lost after all (a process that was stopped for longer than it
/// runs), the journal and the machine's turn still keep the data whole.
/// </summary>
internal sealed class DriverLease : IAsyncDisposable
{
    private const int MostBytes = 4096;

    private static readonly TimeSpan Length = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private readonly IObjectStore _store;
    private readonly TimeProvider _time;
    private readonly string _name;
    private readonly string _owner;
    private readonly PeriodicTimer _timer;
    private readonly Task _renewal;
    private string _etag;

    private DriverLease(
        IObjectStore store, TimeProvider time, string name, string owner, string etag)
    {
        (_store, _time, _name, _owner, _etag) = (store, time, name, owner, etag);
        _timer = new PeriodicTimer(RenewEvery, time);
        _renewal = RenewAsync();
    }

    /// <summary>Takes the lease, and waits while another process that is alive has it.</summary>
    /// <param name="store">The base placement.</param>
    /// <param name="machine">The machine.</param>
    /// <param name="wait">How long to wait at most.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onWait">Told once, before a wait, who has it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="TurnTakenException">Somebody still had it at the end.</exception>
    public static async Task<DriverLease> TakeAsync(
        IObjectStore store, string machine, TimeSpan wait, TimeProvider time,
        Action<string> onWait, CancellationToken cancellation)
    {
        var name = $"drivers/{ObjectNames.CheckName("machine", machine)}";
        var owner = ProcessOwner.For(Guid.NewGuid().ToString("N"));
        var giveUp = time.GetUtcNow() + wait;
        var told = false;
        while (true)
        {
            var (held, etag) = await ReadAsync(store, name, cancellation);
            var now = time.GetUtcNow();
            if (held is null || held.Until <= now || ProcessOwner.IsGone(held.Owner))
            {
                var options = etag is null ? WriteOptions.Create() : WriteOptions.Replace(etag);
                if (await TryWriteAsync(store, name, owner, now, options, cancellation) is { } taken)
                    return new DriverLease(store, time, name, owner, taken);
                continue;
            }
            if (now >= giveUp)
                throw new TurnTakenException(machine, ProcessOf(held.Owner), held.Until);
            if (!told) onWait(ProcessOf(held.Owner));
            told = true;
            await Task.Delay(LookEvery, time, cancellation);
        }
    }

    /// <summary>Gives it back.</summary>
    public async ValueTask DisposeAsync()
    {
        // The timer first: a wait for it that is cancelled would throw, in every command.
        _timer.Dispose();
        await _stop.CancelAsync();
        await _renewal;
        _stop.Dispose();
        try
        {
            await _store.DeleteAsync(_name, _etag, CancellationToken.None);
        }
        catch (StoreException)
        {
            // It ends by itself, and everyone on this host sees that its process is gone.
        }
    }

    /// <summary>The process in an owner's text, as people are told of it.</summary>
    public static string ProcessOf(string owner)
    {
        var parts = owner[(owner.LastIndexOf('|') + 1)..].Split('/');
        return parts.Length == 3 ? $"process {parts[1]} on {parts[0]}" : owner;
    }

    private async Task RenewAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(CancellationToken.None))
                if (!await RenewOnceAsync()) return;
        }
        catch (OperationCanceledException)
        {
            // Given back.
        }
    }

    private async Task<bool> RenewOnceAsync()
    {
        try
        {
            var etag = await TryWriteAsync(
                _store, _name, _owner, _time.GetUtcNow(), WriteOptions.Replace(_etag), _stop.Token);
            if (etag is null) return false;
            _etag = etag;
        }
        catch (StoreException)
        {
            // Tried again in time; a store that stays away is told of by the job itself.
        }
        return true;
    }

    private static async Task<(DriverRecord? Record, string? ETag)> ReadAsync(
        IObjectStore store, string name, CancellationToken cancellation)
    {
        try
        {
            var (content, properties) = await store.ReadWholeAsync(name, MostBytes, cancellation);
            return (Parse(content), properties.ETag);
        }
        catch (ObjectNotFoundException)
        {
            return (null, null);
        }
    }

    private static DriverRecord? Parse(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, HostingJson.Default.DriverRecord);
        }
        catch (JsonException)
        {
            // Nobody can hold what nobody can read.
            return null;
        }
    }

    /// <summary>Writes the record; null when another writer was first.</summary>
    private static async Task<string?> TryWriteAsync(
        IObjectStore store, string name, string owner, DateTimeOffset now, WriteOptions options,
        CancellationToken cancellation)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new DriverRecord(owner, now + Length), HostingJson.Default.DriverRecord);
        try
        {
            return (await store.PutAsync(name, content, options, cancellation)).ETag;
        }
        catch (StoreException error) when (error is OvertakenException or ObjectNotFoundException)
        {
            // The answer to our own write may have been lost: then the record says so.
            var (found, etag) = await ReadAsync(store, name, cancellation);
            return string.Equals(found?.Owner, owner, StringComparison.Ordinal) ? etag : null;
        }
    }
}
