using Azure.Core;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.AzureStore;
using SnapshotFunctions.AzureStore.Catalog;
using SnapshotFunctions.AzureStore.Restoring;
using SnapshotFunctions.AzureStore.Uploads;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows;
using SnapshotFunctions.Engine.Flows.Checking;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Flows.Restoring;
using SnapshotFunctions.Engine.Flows.Upkeep;
using SnapshotFunctions.Engine.Intake;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Outcomes;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps;

namespace SnapshotFunctions.App.Hosting;

/// <summary>The engine over the accounts that the settings name; opened once a process.</summary>
/// <param name="Services">What steps work with.</param>
/// <param name="Uploads">What has been uploaded.</param>
/// <param name="Direct">Hands out leave to upload.</param>
/// <param name="Tables">The projection; null where no tables are named.</param>
/// <param name="Steps">Every step, by name.</param>
public sealed record AppEngine(
    StepServices Services, IIncomingUploads Uploads, DirectUploads Direct, TableCatalog? Tables,
    IReadOnlyDictionary<string, Step> Steps)
{
    /// <summary>The price table.</summary>
    public PriceTable Prices { get; init; } = PriceTables.BuiltIn;

    /// <summary>
    /// A job's claim on its machine outlives the waits between two steps, which on a busy or just
    /// restarted host take minutes; on one machine they take none.
    /// </summary>
    private static readonly ManifestOptions Manifests =
        ManifestOptions.Default with { ClaimTime = TimeSpan.FromMinutes(10) };

    /// <summary>How work is cut; flows and steps must agree on it.</summary>
    public static EngineOptions Options { get; } = new() { RenewEvery = TimeSpan.FromMinutes(1) };

    /// <summary>Every flow, telling of what it came to.</summary>
    public static IReadOnlyList<Flow> Flows() => AnnouncingFlow.Wrap(
    [
        .. EngineParts.Flows(Options),
        .. RestoreParts.Flows(Options),
        .. CheckParts.Flows(Options),
        .. UpkeepParts.Flows(),
        .. IntakeParts.Flows(),
    ]);

    /// <summary>Opens all that the settings name, and makes the containers that are not there.</summary>
    public static async Task<AppEngine> OpenAsync(
        AppSettings settings, TokenCredential credential, IOutcomes outcomes, TimeProvider time,
        ILoggerFactory loggers, CancellationToken cancellation)
    {
        var options = new AzureStoreOptions
        {
            Credential = credential, PremiumBase = settings.PremiumBase,
        };
        var placements = await AzurePlacements.OpenAsync(
            $"{settings.BaseAccount},{settings.DeltaAccount}", options, cancellation);
        var account = BlobAccount.Open(settings.IncomingAccount, options);
        var uploads = await BlobUploads.OpenAsync(
            account, AppSettings.IncomingContainer, AppSettings.QuarantineContainer, cancellation);
        var direct = await DirectUploads.OpenAsync(
            settings.IncomingAccount, AppSettings.IncomingContainer, options: options, time: time,
            cancellation: cancellation);
        var sources = await BlobSourceOpener.OpenAsync(
            account, AppSettings.IncomingContainer, cancellation);
        var targets = await BlobRestoreTargets.OpenAsync(
            account, AppSettings.RestoredContainer, cancellation);
        var tables = settings.TablesAccount is null
            ? null
            : new TableCatalog(
                await CatalogTables.OpenAsync(
                    settings.TablesAccount, new CatalogOptions { Credential = credential },
                    cancellation),
                loggers.CreateLogger<TableCatalog>());
        var prices = await PriceFile.ReadAsync(settings.PricesFile, cancellation);
        var inBase = new MeteredStore(
            placements.Base, prices, time,
            settings.PremiumBase ? StorageTier.Default : StorageTier.Hot);
        var inDelta = new MeteredStore(placements.Delta, prices, time);
        var manifests = new ManifestStore(
            inBase, inDelta, Manifests, time, observer: tables);
        var services = new StepServices(
            inBase, inDelta, manifests, sources, time, Options);
        return new AppEngine(
            services, uploads, direct, tables,
            StepsOf(services, uploads, targets, outcomes, settings.Like)
                .ToDictionary(s => s.Name, StringComparer.Ordinal))
        {
            Prices = prices,
        };
    }

    /// <summary>Every step.</summary>
    public static IReadOnlyList<Step> StepsOf(
        StepServices services, IIncomingUploads uploads, Engine.Ports.IRestoreTargets targets,
        IOutcomes outcomes, string? like = null) =>
    [
        .. EngineParts.Steps(services),
        .. RestoreParts.Steps(services, targets),
        .. CheckParts.Steps(services),
        .. UpkeepParts.Steps(services),
        .. IntakeParts.Steps(services, uploads, like),
        new AnnounceStep(outcomes),
    ];
}
