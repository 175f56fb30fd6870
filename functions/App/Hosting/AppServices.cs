using Azure.Core;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using SnapshotFunctions.App.Durable;
using SnapshotFunctions.App.Http;
using SnapshotFunctions.App.Intake;
using SnapshotFunctions.App.Outcomes;
using SnapshotFunctions.Engine.Outcomes;

namespace SnapshotFunctions.App.Hosting;

/// <summary>Puts the app together from its settings; does no I/O.</summary>
public static class AppServices
{
    /// <summary>Adds all that the functions need.</summary>
    public static IServiceCollection AddSnapshots(
        this IServiceCollection services, AppSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<TokenCredential>(CredentialOf(settings));
        services.AddSingleton(new FlowCatalog(AppEngine.Flows()));
        services.AddSingleton<OrchestrationRunner>();
        services.AddSingleton<EngineSource>();
        services.AddSingleton<StepRunner>();
        services.AddSingleton<JobStarter>();
        services.AddSingleton<UpkeepStarter>();
        services.AddSingleton<UploadIntake>();
        services.AddSingleton<RehydrationNewsDesk>();
        services.AddSingleton<ApiHost>();
        services.AddSingleton<LogOutcomes>();
        services.AddSingleton<IFunctionMetadataTransformer, ServiceBusFilter>();
        return settings.HasServiceBus ? AddServiceBus(services, settings) : AddNoServiceBus(services);
    }

    /// <summary>
    /// Telemetry by OpenTelemetry, to Azure Monitor where a connection is set. The host is told
    /// to leave the worker's telemetry to the worker.
    /// </summary>
    public static IServiceCollection AddTelemetry(
        this IServiceCollection services, AppSettings settings)
    {
        if (settings.TelemetryConnection is not { } connection) return services;
        services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .UseAzureMonitorExporter(options =>
            {
                options.ConnectionString = connection;
                if (settings.TelemetryByIdentity) options.Credential = CredentialOf(settings);
            });
        return services;
    }

    private static IServiceCollection AddServiceBus(
        IServiceCollection services, AppSettings settings)
    {
        services.AddSingleton(provider => settings.ServiceBusNamespace is { } name
            ? new ServiceBusClient(name, provider.GetRequiredService<TokenCredential>())
            : new ServiceBusClient(settings.ServiceBusConnectionString!));
        services.AddSingleton<IArrivalQueue, ServiceBusArrivalQueue>();
        services.AddSingleton<IOutcomes, ServiceBusOutcomes>();
        return services;
    }

    private static IServiceCollection AddNoServiceBus(IServiceCollection services)
    {
        services.AddSingleton<IArrivalQueue, NoArrivalQueue>();
        services.AddSingleton<IOutcomes>(p => p.GetRequiredService<LogOutcomes>());
        return services;
    }

    private static DefaultAzureCredential CredentialOf(AppSettings settings) => new(
        new DefaultAzureCredentialOptions
        {
            ManagedIdentityClientId = settings.IdentityClientId,
        });
}
