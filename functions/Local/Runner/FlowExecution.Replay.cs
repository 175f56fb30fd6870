using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Runner;

/// <content>What a flow does, held against what its journal says that it did.</content>
internal sealed partial class FlowExecution
{
    private void Expect(IReadOnlyList<JournalRecord> records, int next) =>
        (_expected, _matched) = (next < records.Count ? records[next].Calls : null, 0);

    private void Match(ScheduledCall found)
    {
        _lastCall = found.Call;
        if (_expected is null)
            _scheduled.Add(found);
        else if (_matched >= _expected.Count)
            throw Violate("no further call before the next event", found.ToString());
        else if (_expected[_matched++] is var expected && expected != found)
            throw Violate(expected.ToString(), found.ToString());
    }

    private void RequirePump(string what)
    {
        if (!_pump.IsOnPump)
            throw Violate("calls on the flow's own thread only", $"{what} from another thread");
        ThrowIfViolated();
    }

    private Exception Violate(string expected, string found) => Violate(Broken(expected, found));

    private Exception Violate(Exception error)
    {
        // The flow may catch what it is thrown; the first violation stands all the same.
        var first = Interlocked.CompareExchange(ref _violation, error, null) ?? error;
        _wake();
        return first;
    }

    private NonDeterministicFlowException Broken(string expected, string found) =>
        new(InstanceId, _lastCall, expected, found);
}
