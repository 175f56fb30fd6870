using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Crashes;

/// <summary>
/// A prepared machine and one job on it, that is run again and again from the same state, each
/// time with other faults, and must always come to the same end.
/// </summary>
internal sealed partial class Scene
{
    private const string Job = "the-job";
    private readonly Rig _rig;
    private readonly string _flow;
    private readonly string _input;
    private readonly StoreContents _base;
    private readonly StoreContents _delta;
    private readonly SortedDictionary<int, SortedDictionary<string, byte[]>> _before;
    private readonly SortedDictionary<int, SortedDictionary<string, byte[]>> _filesBefore;
    private readonly Action<SortedDictionary<int, SortedDictionary<string, byte[]>>> _change;
    private Func<string, Task>? _check;
    private bool _isGone;
    private string? _outcome;

    private Scene(
        Rig rig, string flow, string input,
        Action<SortedDictionary<int, SortedDictionary<string, byte[]>>> change)
    {
        (_rig, _flow, _input, _change) = (rig, flow, input, change);
        (_base, _delta) = (rig.Base.Freeze(), rig.Delta.Freeze());
        _before = new(rig.Model);
        _filesBefore = new(rig.FileModel);
    }

    /// <summary>The state as it stands, a job to run on it, and what it does to the model.</summary>
    /// <remarks>
    /// What must hold at the end is that every version can be read, unless told; and where the
    /// machine is not gone, that nothing lies about which its manifest does not list.
    /// </remarks>
    public static Scene Of<TIn, TOut>(
        Rig rig, FlowName<TIn, TOut> flow, Func<string, TIn> input,
        Action<SortedDictionary<int, SortedDictionary<string, byte[]>>> change,
        Func<string, Task>? check = null, bool isGone = false) =>
        new(rig, flow.Name, JsonSerializer.Serialize(input(Job), flow.Input), change)
        {
            _check = check,
            _isGone = isGone,
        };

    /// <summary>Runs the job without faults; its end is what all others are held against.</summary>
    /// <returns>How many store operations it takes.</returns>
    public async Task<long> RehearseAsync()
    {
        Reset();
        var process = new SimulatedProcess();
        _outcome = await RunAsync(_rig.LifeOf(process));
        await CheckAsync($"without faults ({_outcome})");
        return process.Operations;
    }

    /// <summary>
    /// Runs the job with one fault at an operation, in new lives until it has ended.
    /// </summary>
    /// <returns>Whether the run came to that operation.</returns>
    public Task<bool> RunAsync(StoreFault fault, long at) => RunAsync(fault, [at]);

    /// <summary>The same with a fault in each of the first lives; true when all befell.</summary>
    public async Task<bool> RunAsync(StoreFault fault, IReadOnlyList<long> points)
    {
        Reset();
        var context = $"{fault.Kind} at {string.Join(", then ", points)}";
        var befallen = 0;
        for (var life = 0; life <= points.Count; life++)
        {
            var process = new SimulatedProcess();
            var trace = new StoreOperation?[1];
            if (life < points.Count) process.Faults = Plan(fault, points[life], trace);
            try
            {
                var outcome = await RunAsync(_rig.LifeOf(process));
                if (trace[0] is not null) befallen++;
                Assert.True(
                    string.Equals(_outcome, outcome, StringComparison.Ordinal),
                    $"{context} ({trace[0]}): expected {_outcome}, found {outcome}");
                break;
            }
            catch (SimulatedCrashException)
            {
                Assert.NotNull(trace[0]);
                context += $" ({trace[0]})";
                befallen++;
            }
        }
        await CheckAsync(context);
        return befallen == points.Count;
    }

    /// <summary>The version that the base stands at now.</summary>
    public async Task<int> BaseAsync() => await BasePosition.FindAsync(
        await _rig.Life.Manifests.LoadAsync(Rig.Machine), CancellationToken.None);

    private static Func<StoreOperation, StoreFault> Plan(
        StoreFault fault, long at, StoreOperation?[] trace) => operation =>
    {
        if (operation.Number != at) return StoreFault.None;
        trace[0] = operation;
        return fault;
    };

    /// <summary>As a host does: it starts the job, or finds it started, and resumes all.</summary>
    private async Task<string> RunAsync(Life life)
    {
        await life.Runner.StartAsync(_flow, _input, Job, Rig.Machine);
        foreach (var resumed in await life.Runner.ResumeAllAsync())
            if (resumed.Trouble is SimulatedCrashException crash) throw crash;
        try
        {
            // How many bytes were stored is told by what the last run of a step has found, and
            // how long was waited by the clock.
            return Varying().Replace(await life.Runner.RunToEndAsync(Job), string.Empty);
        }
        catch (StepFailedException failed)
        {
            return failed.Code;
        }
    }

    private void Reset()
    {
        _rig.Base.Restore(_base);
        _rig.Delta.Restore(_delta);
        _rig.Targets.Clear();
        _rig.Model.Clear();
        _rig.FileModel.Clear();
        foreach (var (number, disks) in _before) _rig.Model.Add(number, disks);
        foreach (var (number, files) in _filesBefore) _rig.FileModel.Add(number, files);
    }

    private async Task CheckAsync(string context)
    {
        _change(_rig.Model);
        _rig.NewLife();
        await (_check?.Invoke(context) ?? _rig.CheckAsync(context));
        if (!_isGone) await ListedObjects.CheckAsync(_rig, context);
    }

    // A repair tells what its last run has mended, and a deletion what its last runs have deleted,
    // which is less after a crash.
    [GeneratedRegex(
        ",\"(?:storedBytes|waitedSeconds)\":[0-9]+|,\"tally\":.*"
        + "|(?<=\"isGone\":true),\"objects\":[0-9]+,\"bytes\":[0-9]+",
        RegexOptions.None, 1000)]
    private static partial Regex Varying();
}
