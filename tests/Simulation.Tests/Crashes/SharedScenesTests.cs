using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Sharing;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Crashes;

/// <summary>The scenes that crashes and stalls befall are such that bases share frames.</summary>
public sealed class SharedScenesTests
{
    [Theory]
    [InlineData(BaseRuleSettings.AfterForwards)]
    [InlineData(BaseRuleSettings.Newest)]
    public async Task Their_first_versions_and_their_patches_share(string rule)
    {
        var (rig, _) = await Scenes.PreparedAsync(rule, 4);
        var stored = StoredBase.Of(rig, 0);
        Assert.NotEmpty(stored.Shared);
        var last = stored.Footer.Segments.Max(s => s.Number);
        await rig.ConsolidateAsync(rule is BaseRuleSettings.Newest ? 2 : 4);
        Assert.Contains(StoredBase.Of(rig, 0).Shared, s => s.Segment > last);
    }
}
