using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.EngineTests.Manifests;

public sealed class ManifestStoreTests
{
    private const string Machine = ManifestFixture.Machine;

    [Fact]
    public async Task A_machine_is_made_once_and_found_by_all()
    {
        var fixture = new ManifestFixture();
        Assert.Null(await fixture.Store.FindAsync(Machine));
        var made = await fixture.Store.CreateAsync(
            Machine, ManifestFixture.Layout, MachinePolicy.Default);
        var found = await fixture.Fresh().LoadAsync(Machine);
        Assert.Equal(made.ETag, found.ETag);
        Assert.Equal(ManifestFixture.Layout, found.Head.Layout);
        Assert.Equal(MachinePolicy.Default, found.Head.Policy);
        var error = await Assert.ThrowsAsync<RefusedException>(() => fixture.Store.CreateAsync(
            Machine, ManifestFixture.Layout, MachinePolicy.Default));
        Assert.Equal("machine-exists", error.Reason);
    }

    [Fact]
    public async Task A_machine_that_is_not_there_is_answered_with_those_that_are()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        await fixture.Store.CreateAsync("db", ManifestFixture.Layout, MachinePolicy.Default);
        await fixture.Store.CopyHeadAsync("db", 1);
        var names = new List<string>();
        await foreach (var name in fixture.Store.ListMachinesAsync()) names.Add(name);
        Assert.Equal(["db", Machine], names);
        var error = await Assert.ThrowsAsync<NoSuchException>(() => fixture.Store.LoadAsync("dc"));
        Assert.Contains("holds 2: db, web-1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_eight_writers_side_by_side_no_update_is_lost()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        var numbers = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            var issued = new List<long>();
            var store = fixture.Fresh();
            for (var i = 0; i < 12; i++)
            {
                long number = 0;
                await store.UpdateAsync(Machine, edit =>
                {
                    number = edit.IssueOperation(n => Operation(n, $"{writer}")).Number;
                    return ValueTask.CompletedTask;
                });
                issued.Add(number);
            }
            return issued;
        })));
        var all = numbers.SelectMany(n => n).Order().ToList();
        Assert.Equal(Enumerable.Range(1, 96).Select(i => (long)i), all);
        var manifest = await fixture.Fresh().LoadAsync(Machine);
        Assert.Equal(97, manifest.Head.NextOperation);
        Assert.Equal(97, manifest.Head.Revision);
        Assert.Equal(all, manifest.Head.Operations.Select(o => o.Number));
        for (var writer = 0; writer < 8; writer++)
        {
            Assert.All(numbers[writer], n => Assert.Equal(
                $"{writer}", manifest.Head.Operations.Single(o => o.Number == n).Job));
        }
    }

    [Fact]
    public async Task A_lost_answer_is_no_reason_to_do_the_change_again()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        var pause = new StorePause();
        fixture.Process.Faults = o =>
            o.Kind == StoreOperationKind.Put ? StoreFault.PauseAfter(pause) : StoreFault.None;
        var first = fixture.UpdateAsync(e => e.IssueOperation(n => Operation(n, "first")));
        await pause.Reached;
        // Its write stands though it does not know yet; another writer goes over it.
        fixture.Process.Faults = null;
        await fixture.Fresh().UpdateAsync(Machine, e =>
        {
            e.IssueOperation(n => Operation(n, "second"));
            return ValueTask.CompletedTask;
        });
        pause.Resume();
        await first;
        var lost = 0;
        fixture.Process.Faults = o => o.Kind == StoreOperationKind.Put && lost++ == 0
            ? StoreFault.LoseAnswer
            : StoreFault.None;
        var manifest = await fixture.UpdateAsync(e => e.IssueOperation(n => Operation(n, "third")));
        Assert.Equal(1, lost);
        Assert.Equal(["first", "second", "third"], manifest.Head.Operations.Select(o => o.Job));
    }

    [Fact]
    public async Task A_write_that_was_overtaken_after_its_answer_was_lost_is_not_done_twice()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        // The answer of the first write is lost; before the writer looks again, another writes.
        var puts = 0;
        var other = fixture.Fresh();
        fixture.Process.Faults = o => o.Kind switch
        {
            StoreOperationKind.Put when puts++ == 0 => StoreFault.LoseAnswer,
            _ => StoreFault.None,
        };
        var between = false;
        fixture.Process.Trace = o =>
        {
            if (o.Kind != StoreOperationKind.ReadWhole || puts != 1 || between) return;
            between = true;
            other.UpdateAsync(Machine, e =>
            {
                e.IssueOperation(n => Operation(n, "other"));
                return ValueTask.CompletedTask;
            }).GetAwaiter().GetResult();
        };
        var manifest = await fixture.UpdateAsync(e => e.IssueOperation(n => Operation(n, "mine")));
        Assert.True(between);
        Assert.Equal(["mine", "other"], manifest.Head.Operations.Select(o => o.Job));
    }

    [Fact]
    public async Task A_change_of_nothing_writes_nothing()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        var before = fixture.Base.Fingerprint();
        await fixture.UpdateAsync(e => e.CloseOperation(9));
        Assert.Equal(before, fixture.Base.Fingerprint());
    }

    [Fact]
    public async Task Numbers_are_never_given_twice()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        var number = 0;
        await fixture.UpdateAsync(e =>
        {
            e.IssueOperation(n => Operation(n, "a"));
            number = e.ReserveVersion();
            e.AddVersion(ManifestFixture.Version(number));
        });
        await fixture.UpdateAsync(async e =>
        {
            Assert.True(e.CloseOperation(1));
            await e.RemoveVersionAsync(number);
        });
        var manifest = await fixture.UpdateAsync(e =>
        {
            e.IssueOperation(n => Operation(n, "b"));
            Assert.Throws<ArgumentException>(() => e.AddVersion(ManifestFixture.Version(2)));
            e.AddVersion(ManifestFixture.Version(e.ReserveVersion()));
        });
        Assert.Equal(2, Assert.Single(manifest.Head.Operations).Number);
        Assert.Equal(2, manifest.NewestNumber);
    }

    [Fact]
    public async Task Copies_of_the_head_lie_in_both_placements_and_the_oldest_go()
    {
        var fixture = await ManifestFixture.CreatedAsync(new ManifestOptions(HeadCopies: 3));
        for (var operation = 1; operation <= 5; operation++)
        {
            await fixture.UpdateAsync(e => e.IssueOperation(n => Operation(n, "a")));
            await fixture.Store.CopyHeadAsync(Machine, operation);
        }
        foreach (var store in new[] { fixture.Base, fixture.Delta })
        {
            Assert.Equal(
                [3, 4, 5],
                store.Fingerprint($"machines/{Machine}/heads/")
                    .Select(f => int.Parse(f.Name[^17..^5])));
            Assert.Equal(
                fixture.Base.Peek(ObjectNames.Head(Machine)),
                store.Peek(ObjectNames.HeadCopy(Machine, 5)));
        }
    }

    internal static OperationRecord Operation(long number, string job) => new()
    {
        Number = number, Kind = "ingest", Started = DateTimeOffset.UnixEpoch, Job = job,
    };
}
