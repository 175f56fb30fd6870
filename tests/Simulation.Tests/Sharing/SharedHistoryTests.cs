using SnapshotFunctions.Engine.Check.Rebuilding;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.SimulationTests.Properties;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace SnapshotFunctions.SimulationTests.Sharing;

/// <summary>
/// Machines whose disks are full of equal blocks, through random rounds: the base goes forth and
/// back, versions expire, segments are rewritten, pages and tables are lost and mended.
/// </summary>
public sealed class SharedHistoryTests(ITestOutputHelper output)
{
    private const int Seeds = 24;
    private const int Rounds = 24;

    [Fact]
    public async Task Every_version_reads_as_its_full_copy_and_verifies_whatever_is_shared()
    {
        var (shared, alone, rewritten, mended) = (0, 0, 0, 0);
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var history = new History(seed);
            try
            {
                await history.RunAsync(Rounds);
            }
            catch (Exception error)
            {
                throw new XunitException($"{history.Log}\n{error}", error);
            }
            shared += history.Shared;
            alone += history.Alone;
            rewritten += history.Rewritten;
            mended += history.Mended;
        }
        output.WriteLine(
            $"{shared} blocks in tables, {alone} left alone by the block that their frame was made "
            + $"for, {rewritten} shared frames moved to other segments, {mended} damages mended");
        Assert.True(shared > 1000 && alone > 20 && rewritten > 20 && mended > 20);
    }

    private sealed class History(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<string> _log = [];
        private readonly Rig _rig = new();
        private readonly Dictionary<int, Dictionary<int, IndexEntry>> _last = [];

        public string Log => $"seed {seed}:\n{string.Join('\n', _log)}";

        /// <summary>
        /// A page is made again from directories, which do not tell what has become zero: where blocks
        /// do, only tables are damaged.
        /// </summary>
        private bool HasZeros => seed % 2 == 0;

        public int Shared { get; private set; }

        public int Alone { get; private set; }

        public int Rewritten { get; private set; }

        public int Mended { get; private set; }

        public async Task RunAsync(int rounds)
        {
            var disk = new EqualDisk(_random, 32) { HasZeros = HasZeros };
            await _rig.SetRuleAsync(
                seed % 3 == 0 ? BaseRuleSettings.AfterForwards : BaseRuleSettings.Newest,
                _random.Next(1, 5));
            await _rig.IngestAsync(("disk0", disk.Content));
            for (var round = 1; round <= rounds; round++)
            {
                await RoundAsync(disk, round);
                Look();
            }
            await SharedRig.RequireSoundAsync(_rig, "at the end");
            await Invariants.CheckNothingLeaksAsync(_rig);
            await RebuildAsync();
            await SharedRig.RequireSoundAsync(_rig, "after the catalog was made again");
        }

        private async Task RoundAsync(EqualDisk disk, int round)
        {
            var kind = _random.Next(100);
            _log.Add($"round {round}: ({kind})");
            var versions = _rig.Model.Keys.ToList();
            var any = versions[_random.Next(versions.Count)];
            if (kind < 50)
            {
                disk.Change();
                await _rig.IngestAsync(("disk0", disk.Content));
            }
            else if (kind < 75)
            {
                _log.Add($"  base to {any}");
                await _rig.ConsolidateAsync(any);
            }
            else if (kind < 82 && versions.Count > 2)
            {
                _log.Add($"  expire {any}");
                if (any != versions[^1]) await _rig.ExpireAsync(any);
            }
            else if (kind < 87 && versions.Count > 2)
            {
                await _rig.UndoAsync();
            }
            else
            {
                await DamageAsync();
            }
            if (round % 4 == 0) await SharedRig.RequireSoundAsync(_rig, $"round {round}");
            else await _rig.CheckAsync(
                _rig.Model.Keys.ElementAt(_random.Next(_rig.Model.Count)), $"round {round}");
        }

        /// <summary>An index page or the table is damaged; it is made again from what is left.</summary>
        private async Task DamageAsync()
        {
            var (shard, stored) = (_random.Next(2), (StoredBase?)null);
            if (Has(shard)) stored = StoredBase.Of(_rig, shard);
            if (stored is null || stored.Footer.Pages.Count == 0) return;
            var isTable = stored.Shared.Count > 0 && (HasZeros || _random.Next(2) == 0);
            if (HasZeros && !isTable) return;
            var at = isTable
                ? stored.TableOffset + _random.Next(stored.Footer.Shared!.Value.LengthBytes)
                : stored.PageOffset(_random.Next(stored.Footer.Pages.Count)) + _random.Next(56);
            _log.Add($"  byte {at} of shard {shard}, {(isTable ? "the table" : "a page")}");
            _rig.Base.FlipByte(stored.Name, at);
            _rig.NewLife();
            Assert.False((await SharedRig.VerifyAsync(_rig)).IsSound);
            var result = await SharedRig.RepairAsync(_rig);
            Assert.True(
                (result.Repaired, result.Lost) is (1, 0), string.Join('\n', result.Losses));
            await SharedRig.RequireSoundAsync(_rig, "after the repair");
            Mended++;
        }

        private bool Has(int shard) => _rig.Base.Peek(Engine.Model.ObjectNames.Base(
            new Engine.Model.ShardKey(Rig.Machine, "disk0", shard))) is not null;

        private void Look()
        {
            for (var shard = 0; shard < 2; shard++)
            {
                if (!Has(shard)) continue;
                var stored = StoredBase.Of(_rig, shard);
                Shared += stored.Shared.Count;
                Alone += stored.Alone;
                var entries = stored.Entries();
                var last = _last.GetValueOrDefault(shard, []);
                Rewritten += stored.Shared.Count(b =>
                    last.TryGetValue(b.Block, out var before)
                    && before.Hash == entries[b.Block].Hash && before.Segment != b.Segment);
                _last[shard] = entries;
            }
        }

        private async Task RebuildAsync()
        {
            await _rig.Base.DeleteAsync(Engine.Model.ObjectNames.Head(Rig.Machine));
            var result = await new RebuildMachineStep(_rig.NewLife().Services).RunAsync(
                new RebuildMachineInput(Rig.Machine, Force: false), CancellationToken.None);
            _log.Add($"rebuilt from {result.Source}: {string.Join("; ", result.Notes)}");
        }
    }
}
