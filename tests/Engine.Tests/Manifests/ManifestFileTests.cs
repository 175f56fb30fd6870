using System.Text;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.EngineTests.Manifests;

/// <summary>Which objects of machine files are listed, and when they may be let go.</summary>
public sealed class ManifestFileTests
{
    private const string Machine = ManifestFixture.Machine;
    private static readonly Hash256 Hash = Hash256.Of("x"u8);

    [Fact]
    public async Task An_object_is_retired_with_the_last_version_that_has_it()
    {
        // Small pages: the oldest of these versions lie on pages, the newest in the head.
        var fixture = await ManifestFixture.CreatedAsync();
        const int Versions = 20;
        for (var i = 1; i <= Versions; i++) await AddAsync(fixture, FileOf(1), FileOf(i, 1));
        var order = Enumerable.Range(1, Versions).ToArray();
        new Random(3).Shuffle(order);
        foreach (var number in order)
        {
            await RemoveAsync(fixture, number);
            var head = (await fixture.Store.LoadAsync(Machine)).Head;
            var retired = head.Retired.SelectMany(r => r.Names)
                .Where(n => FileListing.OfName(n) is not null).ToList();
            Assert.Contains(FileOf(number, 1).ObjectName(Machine), retired);
            var isLast = number == order[^1];
            Assert.Equal(isLast, retired.Contains(FileOf(1).ObjectName(Machine)));
        }
    }

    [Fact]
    public async Task What_is_listed_is_not_retired_and_what_is_retired_is_not_listed()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        await AddAsync(fixture, FileOf(1));
        await AddAsync(fixture, FileOf(1));
        var name = FileOf(1).ObjectName(Machine);
        var listed = await Assert.ThrowsAsync<RefusedException>(
            () => fixture.Store.UpdateAsync(Machine, edit =>
            {
                edit.Retire(9, [], [name]);
                return ValueTask.CompletedTask;
            }));
        Assert.Equal("still-listed", listed.Reason);
        await RemoveAsync(fixture, 1);
        await RemoveAsync(fixture, 2);
        var again = await Assert.ThrowsAsync<RefusedException>(
            () => AddAsync(fixture, FileOf(1)));
        Assert.Equal("still-listed", again.Reason);
    }

    [Fact]
    public async Task A_file_that_an_operation_under_way_has_is_listed()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        await AddAsync(fixture, FileOf(1));
        await fixture.Store.UpdateAsync(Machine, edit =>
        {
            edit.IssueOperation(number => new OperationRecord
            {
                Number = number, Kind = "ingest", Started = edit.Now, Job = "job", Version = 2,
                Files = [FileOf(1)],
            });
            return ValueTask.CompletedTask;
        });
        await RemoveAsync(fixture, 1);
        var manifest = await fixture.Store.LoadAsync(Machine);
        Assert.True(await FileListing.ListsAsync(manifest, FileOf(1), default));
        Assert.DoesNotContain(
            FileOf(1).ObjectName(Machine), manifest.Head.Retired.SelectMany(r => r.Names));
    }

    [Theory]
    [InlineData("\"name\":\"nvram\"", "\"name\":\"../x\"")]
    [InlineData("\"name\":\"nvram\"", "\"name\":\"z\"")]
    [InlineData("\"lengthBytes\":7", "\"lengthBytes\":-1")]
    [InlineData("\"lengthBytes\":7", "\"lengthBytes\":16777217")]
    [InlineData("\"index\":3", "\"index\":64")]
    [InlineData("\"version\":1,\"operation\":1", "\"version\":2,\"operation\":1")]
    public async Task A_head_with_a_file_that_cannot_be_is_refused(string text, string other)
    {
        var fixture = await ManifestFixture.CreatedAsync();
        await AddAsync(
            fixture, new VersionFile("nvram", 7, Hash, 1, 1, 3), FileOf(1) with { Name = "vm.xml" });
        var head = (await fixture.Store.LoadAsync(Machine)).Head;
        var json = Encoding.UTF8.GetString(ManifestCodec.Write(head));
        Assert.Contains(text, json, StringComparison.Ordinal);
        var changed = Encoding.UTF8.GetBytes(json.Replace(text, other, StringComparison.Ordinal));
        // Without the hash beside it, as if put back by hand.
        await fixture.Base.PutAsync(ObjectNames.Head(Machine), changed, new WriteOptions());
        await Assert.ThrowsAsync<CorruptObjectException>(() => fixture.Fresh().LoadAsync(Machine));
    }

    private static VersionFile FileOf(int version, int index = 0) =>
        new($"file{index}", 1, Hash, version, version, index);

    private static Task<Manifest> AddAsync(ManifestFixture fixture, params VersionFile[] files) =>
        fixture.Store.UpdateAsync(Machine, edit =>
        {
            var number = edit.ReserveVersion();
            edit.AddVersion(new VersionRecord
            {
                Number = number, State = VersionState.Ready, Time = edit.Now, Operation = number,
                Fingerprint = Hash, Disks = [], Files = files,
            });
            return ValueTask.CompletedTask;
        });

    private static Task<Manifest> RemoveAsync(ManifestFixture fixture, int number) =>
        fixture.Store.UpdateAsync(Machine, async edit =>
        {
            var version = await edit.FindVersionAsync(number);
            await edit.RemoveVersionAsync(number);
            await edit.RetireFilesAsync(number, version!.Files);
        });
}
