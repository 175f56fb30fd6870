using System.Globalization;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Stores;

namespace SnapshotFunctions.TestShared.Restoring;

/// <summary>
/// Targets in memory that keep the port's contract, count what is done to them, run full, and
/// crash at a chosen operation: what was not flushed is lost then.
/// </summary>
public sealed class MemoryRestoreTargets : IRestoreTargets
{
    private readonly Dictionary<string, MemoryTargetFile> _files = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _identities;
    private bool _crashed;

    /// <summary>Operations so far; a repeat of a crashed run counts on.</summary>
    public int Operations { get; private set; }

    /// <summary>The operation that crashes; 0 for none.</summary>
    public int CrashAt { get; set; }

    /// <summary>Whether the operation that crashes happens first.</summary>
    public bool CrashesAfter { get; set; }

    /// <summary>Bytes that may be written to all files together.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>The names that there are, in order.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock) return [.. _files.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Ranges written, in the order of their ends.</summary>
    public List<ByteRange> Written { get; } = [];

    /// <summary>Ranges whose space was taken before they were written.</summary>
    public List<ByteRange> Reserved { get; } = [];

    /// <summary>Bytes read.</summary>
    public long ReadBytes { get; internal set; }

    /// <summary>The content of a file.</summary>
    public byte[] this[string name]
    {
        get => _files[name].Bytes;
        set => _files[name] = new MemoryTargetFile(NextIdentity(), value);
    }

    /// <summary>Removes every file.</summary>
    public void Clear()
    {
        lock (_lock) _files.Clear();
    }

    /// <summary>How often the process was started; what was opened before is of no use.</summary>
    internal int Starts { get; private set; }

    /// <summary>Starts the process again after a crash, unless another has done so.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            if (!_crashed) return;
            (_crashed, CrashAt) = (false, 0);
            Starts++;
            foreach (var file in _files.Values) file.LoseUnflushed();
        }
    }

    /// <inheritdoc/>
    public ValueTask<string> PrepareAsync(
        RestoreTargetRequest request, CancellationToken cancellation = default) =>
        ValueTask.FromResult(Act(() => request.Mode == RestoreMode.Onto
            ? PrepareOnto(request) : PrepareNew(request)));

    /// <inheritdoc/>
    public ValueTask<IRestoreTarget> OpenAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation = default) =>
        ValueTask.FromResult<IRestoreTarget>(Act(() => new MemoryTarget(
            this, request.Target,
            Find(NameOf(request), identity) ?? throw Error(request, "replaced"))));

    /// <inheritdoc/>
    public ValueTask CompleteAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation = default)
    {
        Act(() =>
        {
            var name = NameOf(request);
            var file = Find(name, identity);
            if (file is null)
            {
                name = request.Target;
                file = Find(name, identity) ?? throw Error(request, "replaced");
            }
            if (file.Bytes.Length != request.LengthBytes) throw Error(request, "length");
            file.Flush();
            var isNamed = string.Equals(name, request.Target, StringComparison.Ordinal);
            if (!isNamed && request.Mode == RestoreMode.New && _files.ContainsKey(request.Target))
                throw Error(request, "exists");
            _files.Remove(name);
            _files[request.Target] = file;
            return true;
        });
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask AbandonAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation = default)
    {
        Act(() =>
        {
            if (request.Mode != RestoreMode.Onto && Find(NameOf(request), identity) is not null)
                _files.Remove(NameOf(request));
            return true;
        });
        return ValueTask.CompletedTask;
    }

    internal T Act<T>(Func<T> action, int? start = null)
    {
        lock (_lock)
        {
            if (_crashed || (start ?? Starts) != Starts)
                throw new SimulatedCrashException("The process had ended before.");
            var crashes = ++Operations == CrashAt;
            _crashed = crashes;
            if (crashes && !CrashesAfter)
                throw new SimulatedCrashException($"A crash before operation {Operations}.");
            var result = action();
            return crashes
                ? throw new SimulatedCrashException($"A crash after operation {Operations}.")
                : result;
        }
    }

    private static string NameOf(RestoreTargetRequest request) =>
        request.Mode == RestoreMode.Onto ? request.Target : request.Target + ".partial";

    private static RestoreTargetException Error(RestoreTargetRequest request, string reason) =>
        new(reason, request.Target, $"In memory: {reason}.");

    private string PrepareNew(RestoreTargetRequest request)
    {
        if (request.Mode == RestoreMode.New && _files.ContainsKey(request.Target))
            throw Error(request, "exists");
        var file = new MemoryTargetFile(NextIdentity(), new byte[request.LengthBytes]);
        _files[NameOf(request)] = file;
        return file.Identity;
    }

    private string PrepareOnto(RestoreTargetRequest request)
    {
        if (!_files.TryGetValue(request.Target, out var file)) throw Error(request, "missing");
        if (request.KnownLengthBytes is { } known && file.Bytes.Length != known
            && file.Bytes.Length != request.LengthBytes)
            throw Error(request, "length");
        Array.Resize(ref file.Bytes, (int)request.LengthBytes);
        file.Flush();
        return file.Identity;
    }

    private MemoryTargetFile? Find(string name, string identity) =>
        _files.TryGetValue(name, out var file)
        && string.Equals(file.Identity, identity, StringComparison.Ordinal) ? file : null;

    private string NextIdentity() => (++_identities).ToString(CultureInfo.InvariantCulture);
}
