using Microsoft.Extensions.Configuration;
using SnapshotFunctions.AzureStore;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.App.Hosting;

/// <summary>
/// The settings that the app itself reads; <see cref="All"/> is the whole table. Those that only
/// the host's bindings read (<c>AzureWebJobsStorage</c>, <c>Incoming</c>) are in it too, because
/// the app does not work without them.
/// </summary>
/// <remarks>
/// An account is named by its URL and reached with the app's identity; a connection string is for
/// Azurite on one's own machine. No value is ever logged or told in an error.
/// </remarks>
public sealed class AppSettings
{
    /// <summary>The container that uploads arrive in; the blob trigger is bound to it.</summary>
    public const string IncomingContainer = "incoming";

    /// <summary>The container that bad uploads are put into.</summary>
    public const string QuarantineContainer = "quarantine";

    /// <summary>The container that disks are restored into.</summary>
    public const string RestoredContainer = "restored";

    /// <summary>The connection of the blob trigger.</summary>
    public const string IncomingConnection = "Incoming";

    /// <summary>The connection of everything on Service Bus.</summary>
    public const string ServiceBusConnection = "ServiceBus";

    /// <summary>The queue of arrived uploads, one session a machine.</summary>
    public const string UploadsQueue = "uploads";

    /// <summary>The queue of blobs that came back from the archive.</summary>
    public const string RehydratedQueue = "rehydrated";

    /// <summary>The topic that outcomes go out on.</summary>
    public const string OutcomesTopic = "outcomes";

    private const string HostStorage = "AzureWebJobsStorage";
    private const string Namespace = "fullyQualifiedNamespace";
    private const string ClientId = "AZURE_CLIENT_ID";

    private AppSettings()
    {
    }

    /// <summary>Every setting, for people.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new($"{HostStorage}__accountName", true, "none; or AzureWebJobsStorage, a connection string",
            "the host's own account: its keys, its leases, the histories of flows"),
        new($"{IncomingConnection}__blobServiceUri", true, "none; or Incoming, a connection string",
            "the account of the container incoming, for the blob trigger"),
        new($"{IncomingConnection}__queueServiceUri", false, "none",
            "the same account's queues, where the blob trigger leaves what it gave up on"),
        new("SNAPSHOTS_BASE_URI", true, "none", "the account of base images and manifests"),
        new("SNAPSHOTS_DELTA_URI", false, "SNAPSHOTS_BASE_URI", "the account of deltas"),
        new("SNAPSHOTS_INCOMING_URI", false, "SNAPSHOTS_DELTA_URI",
            "the account of the containers incoming, quarantine and restored"),
        new("SNAPSHOTS_TABLES_URI", false, "no tables", "the account of the tables"),
        new("SNAPSHOTS_PREMIUM_BASE", false, "false",
            "true when the account of base images is Premium and knows no tiers"),
        new(PriceFile.Variable, false, "the table that comes with the app",
            "a JSON file of prices that plans and cost reports are made with"),
        new("SNAPSHOTS_LIKE", false, "none",
            "auto stores each new machine against the one that it is most like; what an upload "
            + "says itself wins"),
        new($"{ServiceBusConnection}__{Namespace}", false,
            "no Service Bus; or ServiceBus, a connection string",
            "the namespace of the queue uploads and the topic outcomes; without it uploads start "
            + "their jobs directly, and outcomes go to the log and the table of jobs"),
        new(ClientId, false, "the system-assigned identity, or the developer's sign-in",
            "the user-assigned identity that the app acts as"),
        new("APPLICATIONINSIGHTS_CONNECTION_STRING", false, "no export",
            "where telemetry goes; holds no key that is accepted"),
        new("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", false, "no identity",
            "Authorization=AAD where telemetry is sent with the app's identity"),
    ];

    /// <summary>The account of base images and manifests.</summary>
    public required string BaseAccount { get; init; }

    /// <summary>The account of deltas.</summary>
    public required string DeltaAccount { get; init; }

    /// <summary>The account of uploads and restored disks.</summary>
    public required string IncomingAccount { get; init; }

    /// <summary>The account of the tables; null for none.</summary>
    public string? TablesAccount { get; private init; }

    /// <summary>The file of prices; null for the table that comes with the app.</summary>
    public string? PricesFile { get; private init; }

    /// <summary>What new machines are stored against; null for nothing.</summary>
    public string? Like { get; private init; }

    /// <summary>Whether the account of base images knows no tiers.</summary>
    public bool PremiumBase { get; private init; }

    /// <summary>The Service Bus namespace, reached with the app's identity; null for none.</summary>
    public string? ServiceBusNamespace { get; private init; }

    /// <summary>A connection string of Service Bus; null for none.</summary>
    public string? ServiceBusConnectionString { get; private init; }

    /// <summary>Whether there is a Service Bus.</summary>
    public bool HasServiceBus => ServiceBusNamespace is not null
        || ServiceBusConnectionString is not null;

    /// <summary>The user-assigned identity; null for the environment's own.</summary>
    public string? IdentityClientId { get; private init; }

    /// <summary>Where telemetry goes; null for nowhere.</summary>
    public string? TelemetryConnection { get; private init; }

    /// <summary>Whether telemetry is sent with the app's identity.</summary>
    public bool TelemetryByIdentity { get; private init; }

    /// <summary>Reads the settings; asks no service.</summary>
    /// <exception cref="RefusedException">One is missing or wrong; it says which.</exception>
    public static AppSettings Read(IConfiguration configuration)
    {
        RequireConnection(configuration, HostStorage, "accountName", "blobServiceUri");
        RequireConnection(configuration, IncomingConnection, "blobServiceUri");
        var first = Account(configuration, "SNAPSHOTS_BASE_URI")
            ?? throw Missing("SNAPSHOTS_BASE_URI");
        var delta = Account(configuration, "SNAPSHOTS_DELTA_URI") ?? first;
        return new AppSettings
        {
            BaseAccount = first,
            DeltaAccount = delta,
            IncomingAccount = Account(configuration, "SNAPSHOTS_INCOMING_URI") ?? delta,
            TablesAccount = Text(configuration, "SNAPSHOTS_TABLES_URI"),
            PremiumBase = Flag(configuration, "SNAPSHOTS_PREMIUM_BASE"),
            PricesFile = Text(configuration, PriceFile.Variable),
            Like = LikeOf(configuration),
            ServiceBusNamespace = Text(configuration, $"{ServiceBusConnection}:{Namespace}"),
            ServiceBusConnectionString = Text(configuration, ServiceBusConnection),
            IdentityClientId = Text(configuration, ClientId),
            TelemetryConnection = Text(configuration, "APPLICATIONINSIGHTS_CONNECTION_STRING"),
            TelemetryByIdentity = (Text(configuration, "APPLICATIONINSIGHTS_AUTHENTICATION_STRING")
                ?? string.Empty).Contains("Authorization=AAD", StringComparison.OrdinalIgnoreCase),
        };
    }

    private static void RequireConnection(
        IConfiguration configuration, string name, params string[] parts)
    {
        if (Text(configuration, name) is not null
            || parts.Any(p => Text(configuration, $"{name}:{p}") is not null)) return;
        throw Missing($"{name}__{parts[0]}");
    }

    private static string? Account(IConfiguration configuration, string name)
    {
        if (Text(configuration, name) is not { } value) return null;
        try
        {
            _ = AzureStoreSettings.Parse(value);
            return value;
        }
        catch (RefusedException wrong)
        {
            throw Wrong(name, wrong.Message);
        }
    }

    private static bool Flag(IConfiguration configuration, string name)
    {
        var value = Text(configuration, name) ?? "false";
        return bool.TryParse(value, out var flag)
            ? flag
            : throw Wrong(name, "Expected true or false.");
    }

    private static string? LikeOf(IConfiguration configuration)
    {
        try
        {
            return LikeSetting.Read(Text(configuration, LikeSetting.Variable));
        }
        catch (RefusedException wrong)
        {
            throw Wrong(LikeSetting.Variable, wrong.Message);
        }
    }

    private static string? Text(IConfiguration configuration, string key) =>
        configuration[key] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    private static RefusedException Missing(string name) => new(
        "setting-missing",
        $"The setting {name} is missing: {All.First(s => Same(s.Name, name)).Meaning}. "
        + $"Default: {All.First(s => Same(s.Name, name)).Default}.");

    private static RefusedException Wrong(string name, string why) =>
        new("setting-wrong", $"The setting {name} cannot be used. {why}");

    private static bool Same(string one, string other) =>
        string.Equals(one, other, StringComparison.Ordinal);
}
