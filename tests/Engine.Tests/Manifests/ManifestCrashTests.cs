using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.EngineTests.Manifests;

public sealed class ManifestCrashTests
{
    private const string Machine = ManifestFixture.Machine;

    public enum Fault
    {
        CrashBefore,
        CrashAfter,
        LoseAnswer,
        FailBefore,
    }

    [Theory]
    [InlineData(Fault.CrashBefore)]
    [InlineData(Fault.CrashAfter)]
    [InlineData(Fault.LoseAnswer)]
    [InlineData(Fault.FailBefore)]
    public async Task At_every_call_an_update_leaves_the_old_or_the_new_manifest_whole(Fault kind)
    {
        var (old, changed, calls) = (0, 0, 0L);
        for (var at = 1L; calls == 0 || at <= calls; at++)
        {
            var fixture = await FilledAsync();
            var begun = fixture.Process.Operations;
            if (calls == 0)
            {
                await ChangeAsync(fixture.Store);
                calls = fixture.Process.Operations - begun;
                Assert.True(calls >= 6, "A table, pages and a head should have been written.");
                fixture = await FilledAsync();
                begun = fixture.Process.Operations;
            }
            var victim = begun + at;
            fixture.Process.Faults = o => o.Number == victim ? FaultOf(kind) : StoreFault.None;
            var answered = true;
            try
            {
                await ChangeAsync(fixture.Store);
            }
            catch (Exception error) when (error is SimulatedCrashException or StoreBusyException)
            {
                answered = false;
            }
            fixture.Process.Restart();
            var manifest = await fixture.Fresh().LoadAsync(Machine);
            var isNew = manifest.Head.NextVersion == 17;
            Assert.True(isNew || !answered, $"Call {at} answered and nothing was written.");
            if (isNew) changed++;
            else old++;
            var versions = await ManifestFixture.ListAsync(manifest);
            Assert.Equal(isNew ? 16 : 15, versions.Count);
            Assert.Equal(isNew ? "changed" : null, versions[1].Label);
            foreach (var version in versions) await manifest.EdgesAsync(version.Disks[0]);
            // Once more: whatever lay around is no hindrance.
            await ChangeAsync(fixture.Fresh());
            Assert.Equal(
                isNew ? 17 : 16,
                (await ManifestFixture.ListAsync(await fixture.Fresh().LoadAsync(Machine))).Count);
        }
        // The head is the last call: only a crash before it never comes after it.
        Assert.Equal(kind != Fault.CrashBefore, changed > 0);
        Assert.True(old > 0, "No fault came before the head.");
    }

    private static StoreFault FaultOf(Fault kind) => kind switch
    {
        Fault.CrashBefore => StoreFault.CrashBefore,
        Fault.CrashAfter => StoreFault.CrashAfter,
        Fault.LoseAnswer => StoreFault.LoseAnswer,
        _ => StoreFault.FailBefore,
    };

    private static async Task<ManifestFixture> FilledAsync()
    {
        var fixture = await ManifestFixture.CreatedAsync();
        for (var i = 0; i < 15; i++) await fixture.AddVersionAsync(1, 2, 3, 4, 5);
        return fixture;
    }

    // Rewrites a page, rolls the head and writes a table in an object.
    private static Task<Manifest> ChangeAsync(ManifestStore store) =>
        store.UpdateAsync(Machine, async edit =>
        {
            var number = edit.ReserveVersion();
            var edges = await edit.SaveTableAsync(
                [.. Enumerable.Range(0, 5).Select(s => ManifestFixture.Edge(s, number))]);
            edit.AddVersion(ManifestFixture.Version(number, edges));
            await edit.ReplaceVersionAsync(
                (await edit.FindVersionAsync(2))! with { Label = "changed" });
        });
}
