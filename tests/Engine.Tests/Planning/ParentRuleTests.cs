using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning;
using SnapshotFunctions.EngineTests.Manifests;
using Xunit;

namespace SnapshotFunctions.EngineTests.Planning;

/// <summary>
/// Which version an incremental is laid on. Versions 1 to 3 of a disk came from images with the
/// identifiers feed-1 to feed-3, and version 4 from one without any.
/// </summary>
public sealed class ParentRuleTests
{
    private const string Disk = "os";
    private const string Vhd = "0f0e0d0c-0b0a-4908-8706-050403020100";

    [Theory]
    [InlineData("version 2", null, 2)]
    [InlineData("version 2", 2, 2)]
    [InlineData("feed-2", 2, 2)]
    [InlineData("FEED-2", 2, 2)]
    [InlineData(null, null, 4)]
    [InlineData(null, 3, 3)]
    [InlineData("feed-7", null, 4)]
    public async Task A_claim_that_holds_is_followed(string? id, int? named, int expected) =>
        Assert.Equal(expected, await ChooseAsync(id, named));

    [Fact]
    public async Task A_fingerprint_is_that_of_a_version_or_its_node_of_the_disk()
    {
        var version = ManifestFixture.Version(2);
        Assert.Equal(2, await ChooseAsync($"fingerprint {version.Fingerprint}"));
        Assert.Equal(2, await ChooseAsync($"fingerprint {version.Disks[0].Node}"));
        Assert.Equal(2, await ChooseAsync(
            $"fingerprint {version.Disks[0].Node.ToString().ToUpperInvariant()}"));
    }

    [Fact]
    public async Task An_image_that_a_version_is_restored_to_is_its_parent()
    {
        var disk = ManifestFixture.Version(3).Disks[0];
        foreach (var id in new[]
        {
            $"{ExportIds.Vhd(disk.Node, disk.SizeBytes)}",
            $"{ExportIds.VhdxData(disk.Node, disk.SizeBytes)}",
            $"{ExportIds.VmdkContent(disk.Node, disk.SizeBytes):x8}",
        })
        {
            Assert.Equal(3, await ChooseAsync(id, 3));
            await RefusedAsync("parent-differs", "that is version 3", id, 2);
        }
    }

    [Theory]
    [InlineData("version 9", null, "parent-missing", "Version 9 of 'web-1' is not there")]
    [InlineData("version 2", 3, "parent-differs", "that is version 2")]
    [InlineData("feed-2", 3, "parent-differs", "that is version 2")]
    [InlineData("feed-9", 3, "parent-differs", "ingest that image first")]
    [InlineData(Vhd, 2, "parent-differs", "came from feed-2")]
    [InlineData(
        "fingerprint aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", null,
        "parent-differs", "ingest that image first")]
    [InlineData(null, 9, "parent-missing", "Version 9 of 'web-1' is not there")]
    public Task A_claim_that_does_not_hold_is_refused(
        string? id, int? named, string code, string words) =>
        RefusedAsync(code, words, id, named);

    [Fact]
    public async Task A_disk_that_the_parent_has_not_is_refused()
    {
        var e = await Assert.ThrowsAsync<RefusedException>(async () =>
            await ParentRule.ChooseAsync(
                await MachineAsync(), null, "data", Claim(null), CancellationToken.None));
        Assert.Contains("has no disk 'data'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_without_a_version_has_no_parent()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        var e = await Assert.ThrowsAsync<RefusedException>(async () =>
            await ParentRule.ChooseAsync(
                await fixture.Store.LoadAsync(ManifestFixture.Machine), null, Disk,
                Claim("feed-1"), CancellationToken.None));
        Assert.Equal("refused-parent-missing", e.Code);
        Assert.Contains("its parent is 'feed-1'", e.Message, StringComparison.Ordinal);
    }

    private static async Task RefusedAsync(string code, string words, string? id, int? named)
    {
        var e = await Assert.ThrowsAsync<RefusedException>(() => ChooseAsync(id, named));
        Assert.Equal($"refused-{code}", e.Code);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    private static ParentClaim Claim(string? id) => new("a.sfd", null, id is null ? [] : [id]);

    private static async Task<int> ChooseAsync(string? id, int? named = null) =>
        await ParentRule.ChooseAsync(
            await MachineAsync(), named, Disk, Claim(id), CancellationToken.None);

    private static async Task<Manifest> MachineAsync()
    {
        var fixture = await ManifestFixture.CreatedAsync(new ManifestOptions());
        return await fixture.UpdateAsync(edit =>
        {
            for (var n = 1; n <= 4; n++)
            {
                var version = ManifestFixture.Version(edit.ReserveVersion());
                edit.AddVersion(version with
                {
                    Disks =
                    [
                        version.Disks[0] with { ImageId = n < 4 ? $"feed-{n}" : null },
                    ],
                });
            }
        });
    }
}
