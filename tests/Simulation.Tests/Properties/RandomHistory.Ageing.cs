using SnapshotFunctions.Engine.Check;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Check;
using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.SimulationTests.Tiering;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Properties;

/// <content>What goes, and what gets colder.</content>
internal sealed partial class RandomHistory
{
    private async Task ExpireAsync()
    {
        var newest = Rig.Model.Keys.Last();
        var few = _random.Next(1, 101);
        var first = Pick();
        var chosen = _random.Next(2) == 0
            ? Rig.Model.Keys.Where(v => v != newest && _random.Next(100) < few).ToArray()
            : [.. Rig.Model.Keys.Where(v => v >= first && v != newest).Take(few % 6)];
        if (chosen.Length == 0)
        {
            await RefusedAsync("refused-newest", () => Rig.ExpireAsync(newest));
            return;
        }
        _log.Add($"  expire {string.Join(",", chosen)}");
        var result = await Rig.ExpireAsync(chosen);
        Assert.Equal(chosen, result.Expired.Concat(result.Hidden).Order());
        await SettledAsync(result);
    }

    private async Task RetainAsync()
    {
        var policy = (await Rig.Life.Manifests.LoadAsync(Rig.Machine)).Head.Policy;
        var last = _random.Next(1, 6);
        await Rig.SetPolicyAsync(policy with { Keep = new KeepSettings { Last = last } });
        Rig.Time.Advance(TimeSpan.FromHours(2));
        var kept = Rig.Model.Keys.TakeLast(last).ToList();
        _log.Add($"  keep {last}");
        var result = await Rig.RetainAsync();
        Assert.True(result.IsComplete);
        Assert.Equal(kept, Rig.Model.Keys);
        await SettledAsync(result);
    }

    private async Task SettledAsync(ExpireResult result)
    {
        _log.Add(
            $"  -> expired {string.Join(",", result.Expired)} hid {string.Join(",", result.Hidden)}");
        await Rig.CheckAsync("after an expiry");
        await ListedObjects.CheckAsync(Rig, "after an expiry");
        await Invariants.CheckAsync(Rig);
        var context = new InlineContext(
            CheckParts.Flows(Rig.Options), CheckParts.Steps(Rig.Life.Services));
        var sound = await context.RunFlowAsync(
            CheckNames.Verify, new VerifyInput(Rig.Machine, CheckDepth.Full));
        Assert.True(
            sound.IsSound, string.Join('\n', sound.Tally.Findings ?? []));
    }

    private async Task TierAsync()
    {
        Rig.Time.Advance(TimeSpan.FromDays(_random.Next(1, 30)));
        var result = await TinyTiers.TierAsync(Rig);
        _log.Add($"  {result}");
        Packed += result.Packed;
    }
}
