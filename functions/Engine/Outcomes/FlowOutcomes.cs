using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Consolidation;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Expiring;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Flows.Repairing;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Intake;

namespace SnapshotFunctions.Engine.Outcomes;

/// <summary>Which events the results of flows are told by; a pure function of the result.</summary>
public static class FlowOutcomes
{
    private static readonly Dictionary<string, Func<Origin, string, IEnumerable<OutcomeEvent>>>
        ByFlow = new(StringComparer.Ordinal)
        {
            [FlowNames.Ingest.Name] = From(FlowNames.Ingest, OfIngest),
            [FlowNames.Consolidate.Name] = From(FlowNames.Consolidate, OfConsolidate),
            [ExpiryNames.Expire.Name] = From(ExpiryNames.Expire, OfExpiry),
            [ExpiryNames.Retention.Name] = From(ExpiryNames.Retention, OfExpiry),
            [RestoreNames.Restore.Name] = From(RestoreNames.Restore, OfRestore),
            [CheckNames.Verify.Name] = From(CheckNames.Verify, OfVerify),
            [RepairNames.Repair.Name] = From(RepairNames.Repair, OfRepair),
            [IntakeNames.TakeUpload.Name] = From(IntakeNames.TakeUpload, OfUpload),
        };

    /// <summary>Whether a flow of this name has any.</summary>
    public static bool Has(string flow) => ByFlow.ContainsKey(flow);

    /// <summary>The events of one result.</summary>
    /// <param name="flow">The flow's name.</param>
    /// <param name="job">The run's id.</param>
    /// <param name="time">When it came to it.</param>
    /// <param name="output">Its result as JSON.</param>
    public static IReadOnlyList<OutcomeEvent> Of(
        string flow, string job, DateTimeOffset time, string output) =>
        ByFlow.TryGetValue(flow, out var events) ? [.. events(new Origin(job, time), output)] : [];

    /// <summary>An upload that no job can handle was put aside.</summary>
    public static OutcomeEvent Rejected(
        string job, string machine, string? snapshot, string code, string message, string? place,
        DateTimeOffset time) =>
        new Origin(job, time).Event(
            OutcomeKinds.SnapshotRejected, machine, $"uploads/{snapshot ?? "unnamed"}",
            new OutcomeData(
                job, machine, Snapshot: snapshot, Place: place, Code: code, Message: message));

    private static Func<Origin, string, IEnumerable<OutcomeEvent>> From<TIn, TOut>(
        FlowName<TIn, TOut> flow, Func<Origin, TOut, IEnumerable<OutcomeEvent>> of) =>
        (origin, output) => of(origin, Parse(output, flow.Output));

    private static IEnumerable<OutcomeEvent> OfIngest(Origin origin, IngestResult result)
    {
        yield return origin.Event(
            OutcomeKinds.SnapshotProtected, result.Machine, $"versions/{result.Version}",
            new OutcomeData(origin.Job, result.Machine, result.Version, result.Base)
            {
                OriginMachine = result.Like?.Machine,
                OriginVersion = result.Like?.Machine is null ? null : result.Like.Version,
                SavedBytes = result.Like?.Machine is null ? null : result.Like.SavedBytes,
            });
        if (result.Moves > 0) yield return origin.Moved(result.Machine, result.Base);
    }

    private static IEnumerable<OutcomeEvent> OfConsolidate(
        Origin origin, ConsolidateResult result) =>
        result.Operations > 0 ? [origin.Moved(result.Machine, result.Base)] : [];

    /// <summary>A version that was hidden before was told of then.</summary>
    private static IEnumerable<OutcomeEvent> OfExpiry(Origin origin, ExpireResult result) =>
        result.Expired.Except(result.Completed).Concat(result.Hidden).Order()
            .Select(version => origin.Event(
                OutcomeKinds.VersionExpired, result.Machine, $"versions/{version}",
                new OutcomeData(origin.Job, result.Machine, version)));

    private static IEnumerable<OutcomeEvent> OfRestore(Origin origin, RestoreResult result) =>
    [
        origin.Event(
            OutcomeKinds.RestoreReady, result.Machine,
            $"versions/{result.Version}/disks/{result.Disk}",
            new OutcomeData(
                origin.Job, result.Machine, result.Version, Disk: result.Disk,
                Target: result.Target)),
    ];

    private static IEnumerable<OutcomeEvent> OfVerify(Origin origin, VerifyResult result) =>
        result.IsSound
            ? []
            :
            [
                origin.Event(
                    OutcomeKinds.VerifyFailed, result.Machine, "verify",
                    new OutcomeData(origin.Job, result.Machine, Errors: result.Tally.Errors)),
            ];

    private static IEnumerable<OutcomeEvent> OfRepair(Origin origin, RepairResult result) =>
        result.Tally is { Repaired: 0, Lost: 0 }
            ? []
            :
            [
                origin.Event(
                    OutcomeKinds.VerifyRepaired, result.Machine, "verify",
                    new OutcomeData(
                        origin.Job, result.Machine, Errors: result.Tally.Lost,
                        Message: $"{result.Tally.Repaired} damaged objects were repaired, "
                        + $"{result.Tally.Lost} losses remain")),
            ];

    private static IEnumerable<OutcomeEvent> OfUpload(Origin origin, TakeUploadResult result) =>
        result.Outcome is UploadOutcome.Quarantined
            ?
            [
                Rejected(
                    origin.Job, result.Machine, result.Snapshot, result.Code!, result.Message!,
                    result.Place, origin.Time),
            ]
            : [];

    private static T Parse<T>(string json, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(json, type)
            ?? throw new JsonException("A flow's result is null.");

    private sealed record Origin(string Job, DateTimeOffset Time)
    {
        public OutcomeEvent Event(string kind, string machine, string subject, OutcomeData data) =>
            OutcomeEvent.Of(kind, Job, machine, subject, Time, data);

        public OutcomeEvent Moved(string machine, int version) => Event(
            OutcomeKinds.BaseMoved, machine, $"versions/{version}",
            new OutcomeData(Job, machine, Base: version));
    }
}
