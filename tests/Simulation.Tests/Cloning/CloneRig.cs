using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Cloning;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Cloning;

/// <summary>Several machines on the stores of one rig, each with a full copy of its versions.</summary>
internal sealed class CloneRig(Rig rig)
{
    private readonly SortedDictionary<string, SortedDictionary<int, byte[]>> _models =
        new(StringComparer.Ordinal);

    public Rig Rig => rig;

    public SortedDictionary<int, byte[]> Model(string machine)
    {
        if (!_models.TryGetValue(machine, out var model)) _models.Add(machine, model = []);
        return model;
    }

    public void Forget(string machine) => _models.Remove(machine);

    public async Task<int> IngestAsync(string machine, byte[] disk, string? rule = null)
    {
        if (rule is not null)
            await rig.Life.Manifests.CreateAsync(
                machine, rig.Options.Layout,
                new MachinePolicy(new BaseRuleSettings(rule, 100), 600));
        var job = rig.NextJob();
        rig.Sources.Add(job, (byte[])disk.Clone());
        var result = await rig.Life.RunAsync(
            FlowNames.Ingest, new IngestInput(machine, [new IngestDisk(job, "disk0")]), job,
            machine);
        Model(machine).Add(result.Version, (byte[])disk.Clone());
        return result.Version;
    }

    public async Task<CloneResult> CloneAsync(string machine, int? version, string clone)
    {
        var result = await rig.Life.RunAsync(
            CloneNames.Clone, new CloneInput(machine, version, clone), rig.NextJob(), machine);
        Model(clone).Add(result.Version, Model(machine)[result.OriginVersion]);
        return result;
    }

    public Task<FlattenResult> FlattenAsync(string machine) => rig.Life.RunAsync(
        CloneNames.Flatten, new FlattenFlowInput(machine), rig.NextJob(), machine);

    public Task<ConsolidateResult> ConsolidateAsync(string machine, int version) =>
        rig.Life.RunAsync(
            FlowNames.Consolidate, new ConsolidateInput(machine, version), rig.NextJob(), machine);

    public async Task UndoAsync(string machine)
    {
        var result = await rig.Life.RunAsync(
            FlowNames.Undo, new UndoInput(machine), rig.NextJob(), machine);
        Model(machine).Remove(result.Withdrawn);
    }

    public async Task ExpireAsync(string machine, params int[] versions)
    {
        var result = await rig.Life.RunAsync(
            ExpiryNames.Expire, new ExpireInput(machine, versions), rig.NextJob(), machine);
        foreach (var version in result.Expired.Concat(result.Hidden)) Model(machine).Remove(version);
    }

    /// <summary>Every version of every machine reads as its full copy, and all verify.</summary>
    public async Task CheckAsync(string context)
    {
        rig.NewLife();
        foreach (var (machine, model) in _models)
        {
            foreach (var (number, expected) in model)
                await CheckAsync(machine, number, expected, context);
            var verified = await rig.Life.RunAsync(
                CheckNames.Verify, new VerifyInput(machine, CheckDepth.Full), rig.NextJob(), machine);
            Assert.True(
                verified.IsSound,
                $"{context}: {machine}: {string.Join("; ", verified.Tally.Findings)}");
        }
    }

    private async Task CheckAsync(string machine, int number, byte[] expected, string context)
    {
        var view = await rig.Life.Services.Views.OpenAsync(
            machine, number, null, CancellationToken.None);
        var found = new byte[expected.Length];
        await view.ReadAsync(0, found);
        Assert.Equal(expected.Length, view.SizeBytes);
        Assert.True(
            found.AsSpan().SequenceEqual(expected),
            $"{context}: version {number} of {machine} differs first at "
            + $"{found.AsSpan().CommonPrefixLength(expected)}");
    }
}
