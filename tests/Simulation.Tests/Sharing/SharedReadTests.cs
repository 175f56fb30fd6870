using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Sharing;

public sealed class SharedReadTests
{
    [Fact]
    public async Task A_frame_that_many_blocks_name_is_read_once_for_all_of_them()
    {
        var rig = new Rig();
        await rig.SetRuleAsync(BaseRuleSettings.Newest, 1);
        var disk = new byte[16 * 1024];
        new Random(2).NextBytes(disk.AsSpan(0, 2 * 1024));
        for (var block = 2; block < 16; block++)
            disk.AsSpan(block % 2 * 1024, 1024).CopyTo(disk.AsSpan(block * 1024));
        await rig.IngestAsync(("disk0", disk));
        var stored = StoredBase.Of(rig, 0);
        Assert.Equal(2 * 1024, stored.Footer.Segments.Sum(s => s.LiveBytes));
        Assert.Equal(Enumerable.Range(0, 16), stored.Shared.Select(s => s.Block));
        var view = await rig.NewLife().Services.Views.OpenAsync(
            Rig.Machine, 1, "disk0", CancellationToken.None);
        await view.ReadAsync(0, new byte[1]);
        var before = rig.Base.Counters;

        var found = new byte[disk.Length];
        await view.ReadAsync(0, found);

        Assert.Equal(disk, found);
        var read = rig.Base.Counters.Since(before).BytesRead;
        Assert.InRange(read, 1, 2 * 1024 + stored.Footer.Pages.Sum(p => p.LengthBytes));
    }
}
