using System.Reflection;
using Azure.Messaging.ServiceBus;
using Azure.Storage.Blobs;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.App.Functions;
using SnapshotFunctions.App.Hosting;
using SnapshotFunctions.AppTests.Rigging;
using SnapshotFunctions.Http;
using Xunit;

namespace SnapshotFunctions.AppTests.Functions;

/// <summary>What the host is told of every function, read from the attributes.</summary>
public sealed class BindingTests
{
    private static readonly MethodInfo[] All =
    [
        .. typeof(UploadFunctions).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods())
            .Where(m => m.GetCustomAttribute<FunctionAttribute>() is not null),
    ];

    [Fact]
    public void Every_flow_is_an_orchestrator_and_nothing_else_is()
    {
        Assert.Equal(
            new AppRig().Flows.Select(f => f.Name).Order(StringComparer.Ordinal),
            Names<OrchestrationTriggerAttribute>());
        Assert.All(With<OrchestrationTriggerAttribute>(), m =>
        {
            Assert.Equal(typeof(Task<string>), m.ReturnType);
            Assert.Equal(typeof(TaskOrchestrationContext), Assert.Single(m.GetParameters()).ParameterType);
        });
    }

    [Fact]
    public void Every_step_is_an_activity_and_besides_only_the_table_of_jobs()
    {
        var rig = new AppRig();
        var steps = AppEngine.StepsOf(
            rig.Services, rig.Uploads, new TestShared.Restoring.MemoryRestoreTargets(), rig.Outcomes);
        Assert.Equal(
            steps.Select(s => s.Name).Append("RecordJob").Order(StringComparer.Ordinal),
            Names<ActivityTriggerAttribute>());
        Assert.Contains("DeltaShard", Names<ActivityTriggerAttribute>());
        Assert.Contains("PatchShard", Names<ActivityTriggerAttribute>());
        Assert.All(With<ActivityTriggerAttribute>(), m =>
        {
            Assert.Equal(typeof(Task<string>), m.ReturnType);
            Assert.Equal(typeof(string), m.GetParameters()[0].ParameterType);
        });
    }

    [Fact]
    public void Names_are_unique_whatever_their_case_and_those_that_scripts_know_stay()
    {
        var names = All.Select(NameOf).ToList();
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        foreach (var known in new[]
        {
            "UploadArrived", "UploadQueued", "UploadDeadLettered", "ReconcileUploads",
        })
            Assert.Contains(known, names);
    }

    [Fact]
    public void The_blob_trigger_hears_of_Event_Grid_and_never_reads_the_blob()
    {
        var blob = Trigger<BlobTriggerAttribute>("UploadArrived", out var parameter);
        Assert.Equal("incoming/{name}", blob.BlobPath);
        Assert.Equal(BlobTriggerSource.EventGrid, blob.Source);
        Assert.Equal("Incoming", blob.Connection);
        Assert.Equal(typeof(BlobClient), parameter.ParameterType);
    }

    [Fact]
    public void The_queue_keeps_sessions_and_its_dead_letters_have_none()
    {
        var queue = Trigger<ServiceBusTriggerAttribute>("UploadQueued", out var message);
        Assert.Equal(("uploads", "ServiceBus", true),
            (queue.QueueName, queue.Connection, queue.IsSessionsEnabled));
        Assert.Equal(typeof(string), message.ParameterType);
        var news = Trigger<ServiceBusTriggerAttribute>("BlobRehydrated", out message);
        Assert.Equal(("rehydrated", "ServiceBus", false),
            (news.QueueName, news.Connection, news.IsSessionsEnabled));
        Assert.Equal(typeof(string), message.ParameterType);
        var dead = Trigger<ServiceBusTriggerAttribute>("UploadDeadLettered", out message);
        Assert.Equal(("uploads/$DeadLetterQueue", "ServiceBus", false),
            (dead.QueueName, dead.Connection, dead.IsSessionsEnabled));
        Assert.Equal(typeof(ServiceBusReceivedMessage), message.ParameterType);
    }

    [Fact]
    public void The_timer_looks_every_five_minutes()
    {
        var timer = Trigger<TimerTriggerAttribute>("ReconcileUploads", out _);
        Assert.Equal("0 */5 * * * *", timer.Schedule);
        Assert.False(timer.RunOnStartup);
    }

    [Fact]
    public void Every_route_of_the_API_is_a_function_and_nothing_else_is()
    {
        var rig = new AppRig();
        var api = new Api(new ApiServices(
            rig.Services, null!, null!, name => name, new ApiOptions(), NullLogger.Instance));
        Assert.Equal(
            api.Routes
                .Select(r => $"{r.Name} {r.Method.ToLowerInvariant()} {r.Template}")
                .Order(StringComparer.Ordinal),
            With<HttpTriggerAttribute>().Select(RouteOf).Order(StringComparer.Ordinal));
        Assert.All(With<HttpTriggerAttribute>(), m =>
        {
            Assert.Equal(typeof(Task<IActionResult>), m.ReturnType);
            Assert.Equal(typeof(HttpRequest), m.GetParameters()[0].ParameterType);
            var trigger = m.GetParameters()[0].GetCustomAttribute<HttpTriggerAttribute>()!;
            Assert.Equal(AuthorizationLevel.Function, trigger.AuthLevel);
        });

        static string RouteOf(MethodInfo method)
        {
            var trigger = method.GetParameters()[0].GetCustomAttribute<HttpTriggerAttribute>()!;
            return $"{NameOf(method)} {Assert.Single(trigger.Methods!)} {trigger.Route}";
        }
    }

    [Fact]
    public void Whatever_starts_or_reaches_jobs_gets_the_durable_client()
    {
        var starters = All.Where(m => m.GetParameters().Any(
            p => p.ParameterType == typeof(DurableTaskClient))).ToList();
        Assert.Equal(5 + With<HttpTriggerAttribute>().Count(), starters.Count);
        Assert.All(starters, m => Assert.Single(
            m.GetParameters(), p => p.GetCustomAttribute<DurableClientAttribute>() is not null));
    }

    private static IEnumerable<MethodInfo> With<T>() where T : Attribute =>
        All.Where(m => m.GetParameters().Any(p => p.GetCustomAttribute<T>() is not null));

    private static IEnumerable<string> Names<T>() where T : Attribute =>
        With<T>().Select(NameOf).Order(StringComparer.Ordinal);

    private static string NameOf(MethodInfo method) =>
        method.GetCustomAttribute<FunctionAttribute>()!.Name;

    private static T Trigger<T>(string function, out ParameterInfo parameter) where T : Attribute
    {
        parameter = All.Single(m => NameOf(m) == function).GetParameters()
            .Single(p => p.GetCustomAttribute<T>() is not null);
        return parameter.GetCustomAttribute<T>()!;
    }
}
