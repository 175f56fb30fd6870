using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;
using SnapshotFunctions.TestShared.Machines;
using SnapshotFunctions.TestShared.Restoring;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.AzuriteTests;

/// <summary>What the meter counts, held against the requests that went over the wire.</summary>
public sealed class MeterTests(AzuriteFixture azurite, ITestOutputHelper output)
    : StoreTests(azurite)
{
    private const string Machine = "vm";
    private static readonly Layout Small = new(4096, 65536, 16, 512 << 10, 4 << 20);

    [Fact]
    public async Task An_ingest_a_consolidation_and_a_restore_send_what_is_metered()
    {
        var transport = new FaultyTransport();
        var prices = PriceTables.BuiltIn;
        var (b, d) = (
            new MeteredStore(await OpenAsync(Through(transport)), prices, TimeProvider.System),
            new MeteredStore(await OpenAsync(Through(transport)), prices, TimeProvider.System));
        var options = new EngineOptions { Layout = Small };
        var manifests = new ManifestStore(b, d, ManifestOptions.Default, TimeProvider.System);
        await manifests.CreateAsync(
            Machine, Small,
            new MachinePolicy(new BaseRuleSettings(BaseRuleSettings.AfterForwards, 9), 600));
        var sources = new TinySources();
        var targets = new MemoryRestoreTargets();
        var disk = new byte[6 << 20];
        var random = new Random(4);
        random.NextBytes(disk);

        for (var version = 1; version <= 2; version++)
        {
            sources.Add($"v{version}", (byte[])disk.Clone());
            await HoldAsync(FlowNames.Ingest, new IngestInput(
                Machine, [new IngestDisk($"v{version}", "disk0")]));
            random.NextBytes(disk.AsSpan(1 << 20, 700_000));
        }
        await HoldAsync(FlowNames.Consolidate, new ConsolidateInput(Machine, 2));
        await HoldAsync(RestoreNames.Restore, new RestoreInput(Machine, "out", 1, "disk0"));

        async Task HoldAsync<TIn, TOut>(FlowName<TIn, TOut> flow, TIn input)
        {
            // A process that knows nothing yet, as every one begins.
            var services = new StepServices(
                b, d, new ManifestStore(b, d, ManifestOptions.Default, TimeProvider.System),
                sources, TimeProvider.System, options);
            var context = new PlainFlowContext(
                [.. EngineParts.Flows(options), .. RestoreParts.Flows(options)],
                [.. EngineParts.Steps(services), .. RestoreParts.Steps(services, targets)]);
            transport.Forget();
            var meter = new UsageMeter();
            await UsageMeter.RunAsync(meter, () => context.RunFlowAsync(flow, input));
            var used = meter.Read();
            foreach (var kind in new[]
            {
                UsageKind.Read, UsageKind.Write, UsageKind.List, UsageKind.Other, UsageKind.Delete,
            })
            {
                var sent = transport.Sent.Count(s => KindOf(s) == kind);
                output.WriteLine($"{flow.Name} {kind}: metered {used.CountOf(kind)}, sent {sent}");
                Assert.Equal(sent, used.CountOf(kind));
            }
        }
    }

    /// <summary>How a request is billed, by the service's own table.</summary>
    private static UsageKind KindOf(string sent)
    {
        var (method, query) = (sent.Split(' ')[0], sent[(sent.IndexOf(' ') + 1)..]);
        return method switch
        {
            "PUT" => UsageKind.Write,
            "DELETE" => UsageKind.Delete,
            "HEAD" => UsageKind.Other,
            _ when query.Contains("comp=list&", StringComparison.Ordinal)
                || query.EndsWith("comp=list", StringComparison.Ordinal) => UsageKind.List,
            _ when query.Contains("comp=", StringComparison.Ordinal) => UsageKind.Other,
            _ => UsageKind.Read,
        };
    }
}
