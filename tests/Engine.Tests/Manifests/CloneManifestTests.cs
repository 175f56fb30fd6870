using System.Text;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.EngineTests.Manifests;

/// <summary>What manifests say of clones, their origins and deleted machines.</summary>
public sealed class CloneManifestTests
{
    private const string Machine = ManifestFixture.Machine;

    private static readonly OriginRecord Origin = new(
        "golden", 7, Hash256.Of("golden"u8), 2, "job-9",
        [new OriginDisk("os", "system", 1 << 20)]);

    [Fact]
    public void The_owner_of_a_clones_pin_names_it_and_differs_from_job_to_job()
    {
        var longest = new string('a', 63);
        var owner = Origin.PinOwner(longest);
        Assert.True(PinRecord.IsOwner(owner));
        Assert.Equal(longest, OriginRecord.CloneOf(owner));
        Assert.Equal(owner, OriginRecord.PinOwner(longest, "job-9"));
        Assert.NotEqual(owner, OriginRecord.PinOwner(longest, "job-10"));
        foreach (var other in new[] { "user", "clone:", "clone:x", "clone::x", "job:clone:x:y" })
            Assert.Null(OriginRecord.CloneOf(other));
    }

    [Fact]
    public void A_head_keeps_its_origin_and_its_mark()
    {
        var since = new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);
        var bytes = ManifestCodec.Write(Head() with { Purged = since, FirstOperation = 5 });
        var read = ManifestCodec.ReadHead(bytes, Properties(bytes), Machine);
        Assert.Equal((since, 5L), (read.Purged, read.FirstOperation));
        Assert.Equal(Origin.Disks, read.Origin!.Disks);
        Assert.Equal(Origin with { Disks = read.Origin.Disks }, read.Origin);
        Assert.Equal("system", read.Origin.DiskOf("os")!.OriginName);
        Assert.Null(read.Origin.DiskOf("system"));
    }

    [Theory]
    [InlineData("\"machine\":\"golden\"", "\"machine\":\"web-1\"")]
    [InlineData("\"machine\":\"golden\"", "\"machine\":\"../x\"")]
    [InlineData("\"version\":7", "\"version\":0")]
    [InlineData("\"depth\":2", "\"depth\":0")]
    [InlineData("\"depth\":2", "\"depth\":5")]
    [InlineData("\"originName\":\"system\"", "\"originName\":\"../x\"")]
    [InlineData("\"name\":\"os\",\"originName\"", "\"name\":\"../x\",\"originName\"")]
    [InlineData("\"job\":\"job-9\",", "")]
    public void An_origin_that_cannot_be_is_refused(string from, string to)
    {
        var text = Encoding.UTF8.GetString(ManifestCodec.Write(Head()));
        Assert.Contains(from, text, StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
        Assert.Throws<CorruptObjectException>(
            () => ManifestCodec.ReadHead(bytes, Properties(bytes), Machine));
    }

    [Fact]
    public async Task The_nodes_of_every_version_come_from_the_edges()
    {
        var (manifest, model) = await HistoryAsync();
        foreach (var (number, nodes) in model)
        {
            var version = (await manifest.FindVersionAsync(number))!;
            var found = await VersionNodes.AtAsync(
                manifest, version, version.Disks[0], CancellationToken.None);
            Assert.Equal(nodes.Select(n => new ShardNode(n.Key, n.Value)), found);
        }
    }

    [Fact]
    public async Task Nodes_that_do_not_come_to_the_fingerprint_are_refused()
    {
        var (manifest, _) = await HistoryAsync();
        var version = (await manifest.FindVersionAsync(3))!;
        var other = version.Disks[0] with { Node = Hash256.Of("other"u8) };
        await Assert.ThrowsAsync<CorruptObjectException>(() => VersionNodes.AtAsync(
            manifest, version, other, CancellationToken.None));
    }

    [Fact]
    public async Task A_new_machine_begins_above_the_numbers_of_a_deleted_one()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        for (var i = 0; i < 3; i++) await fixture.AddVersionAsync(1);
        var turn = await fixture.Store.AcquireTurnAsync(Machine, "job");
        var old = await fixture.Store.LoadAsync(Machine);
        await GoneMachine.KeepAsync(
            fixture.Base, old.Head, fixture.Clock.GetUtcNow(), null, CancellationToken.None);
        await fixture.Base.DeleteAsync(ObjectNames.Head(Machine), old.ETag);
        var refused = await Assert.ThrowsAsync<RefusedException>(() => NewAsync(fixture));
        Assert.Equal("machine-going", refused.Reason);

        await GoneMachine.EndAsync(fixture.Base, Machine, CancellationToken.None);
        var head = (await NewAsync(fixture)).Head;

        Assert.Equal(
            (old.Head.NextOperation, old.Head.NextVersion, turn.Epoch, old.Head.Revision + 1),
            (head.NextOperation, head.NextVersion, head.Epoch, head.Revision));
        Assert.Empty(head.Versions);
        // A turn that the old machine had is not one of the new.
        var next = await fixture.Store.AcquireTurnAsync(Machine, "job");
        Assert.Equal(turn.Epoch + 1, next.Epoch);
    }

    [Fact]
    public async Task Numbers_read_before_a_later_deletion_are_not_written_over_it()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        var head = (await fixture.Store.LoadAsync(Machine)).Head;
        await GoneMachine.KeepAsync(
            fixture.Base, head with { NextOperation = 50 }, default, null, CancellationToken.None);
        await Assert.ThrowsAsync<OvertakenException>(() => GoneMachine.KeepAsync(
            fixture.Base, head, default, null, CancellationToken.None));
        var (gone, _) = await GoneMachine.FindAsync(
            fixture.Base, Machine, CancellationToken.None);
        Assert.Equal(50, gone!.NextOperation);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"nextOperation\":0,\"nextVersion\":1,\"epoch\":0,\"revision\":0,"
        + "\"time\":\"2026-01-01T00:00:00Z\",\"isGoing\":false}")]
    public async Task A_note_of_a_deleted_machine_that_cannot_be_is_refused(string text)
    {
        var fixture = new ManifestFixture();
        await fixture.Base.PutAsync(
            ObjectNames.Gone(Machine), Encoding.UTF8.GetBytes(text), new WriteOptions());
        var error = await Assert.ThrowsAsync<CorruptObjectException>(() => NewAsync(fixture));
        Assert.Equal(ObjectNames.Gone(Machine), error.ObjectName);
    }

    [Fact]
    public async Task A_note_of_the_origin_comes_back_and_only_under_its_own_name()
    {
        var fixture = new ManifestFixture();
        ShardNode[] nodes = [new(0, Hash256.Of([1])), new(7, Hash256.Of([2]))];
        var note = new OriginNote
        {
            Machine = Machine, Operation = 12, Layout = ManifestFixture.Layout, Origin = Origin,
            Disks = [OriginShards.Of("os", 1 << 20, nodes)],
            First = ManifestFixture.Version(4),
        };
        await note.WriteAsync(fixture.Base, CancellationToken.None);
        await note.WriteAsync(fixture.Base, CancellationToken.None);
        var name = ObjectNames.Origin(Machine, 12);
        var read = await OriginNote.ReadAsync(fixture.Base, name, Machine, CancellationToken.None);
        Assert.Equal(nodes, read.Disks[0].Unpack(name));
        Assert.Equal((4, "golden"), (read.First!.Number, read.Origin.Machine));
        var bytes = fixture.Base.Peek(name)!;
        await fixture.Base.PutAsync(ObjectNames.Origin(Machine, 13), bytes, new WriteOptions());
        await Assert.ThrowsAsync<CorruptObjectException>(() => OriginNote.ReadAsync(
            fixture.Base, ObjectNames.Origin(Machine, 13), Machine, CancellationToken.None));
        for (var at = 0; at < bytes.Length; at += 7)
        {
            fixture.Base.FlipByte(name, at);
            await Assert.ThrowsAsync<CorruptObjectException>(() => OriginNote.ReadAsync(
                fixture.Base, name, Machine, CancellationToken.None));
            fixture.Base.FlipByte(name, at);
        }
    }

    private static Task<Manifest> NewAsync(ManifestFixture fixture) => fixture.Store.CreateAsync(
        Machine, ManifestFixture.Layout, MachinePolicy.Default);

    /// <summary>Versions that change, clear and leave alone some of four shards.</summary>
    private static async Task<(Manifest, SortedDictionary<int, SortedDictionary<int, Hash256>>)>
        HistoryAsync()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        var model = new SortedDictionary<int, SortedDictionary<int, Hash256>>();
        var now = new SortedDictionary<int, Hash256>();
        int[][] changes = [[0, 1, 3], [1], [], [2, 3], [0], [3], [1, 2]];
        foreach (var shards in changes)
        {
            await fixture.UpdateAsync(async edit =>
            {
                var number = edit.ReserveVersion();
                var edges = new List<ShardEdge>();
                foreach (var shard in shards)
                {
                    // The last change of the last shard clears it.
                    var node = (shard, number) is (3, 6)
                        ? Hash256.Zero : Hash256.Of([(byte)shard, (byte)number]);
                    edges.Add(new ShardEdge(shard, number - 1, 0, number, node));
                    if (node.IsZero) now.Remove(shard);
                    else now[shard] = node;
                }
                var version = ManifestFixture.Version(number, await edit.SaveTableAsync(edges));
                edit.AddVersion(version with
                {
                    Disks = [version.Disks[0] with { Node = Fingerprints.Disk(now) }],
                });
                edit.SetDisks(
                [
                    new DiskRecord("os", 1 << 20, await edit.SaveTableAsync(
                        [.. now.Select(n => new ShardNode(n.Key, n.Value))])),
                ]);
                model[number] = new SortedDictionary<int, Hash256>(now);
            });
        }
        return (await fixture.Store.LoadAsync(Machine), model);
    }

    private static ManifestHead Head() => ManifestHead.New(
        Machine, DateTimeOffset.UnixEpoch, ManifestFixture.Layout, MachinePolicy.Default) with
    {
        Revision = 1, NextOperation = 6, Origin = Origin,
    };

    private static ObjectProperties Properties(byte[] bytes) => new(
        ObjectNames.Head(Machine), bytes.Length, "1", StorageTier.Hot, null,
        DateTimeOffset.UnixEpoch, new Dictionary<string, string>(StringComparer.Ordinal));
}
