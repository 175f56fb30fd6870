using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using SnapshotFunctions.App.Hosting;
using Xunit;

namespace SnapshotFunctions.AppTests.Hosting;

/// <summary>Without a Service Bus the host is not told of the functions that hang on it.</summary>
public sealed class ServiceBusFilterTests
{
    [Fact]
    public void Functions_on_Service_Bus_are_taken_out_where_there_is_none()
    {
        var functions = Functions();
        new ServiceBusFilter(SettingsTests.WithoutServiceBus()).Transform(functions);
        Assert.Equal(["UploadArrived"], functions.Select(f => f.Name));
    }

    [Fact]
    public void All_stay_where_there_is_one()
    {
        var functions = Functions();
        new ServiceBusFilter(SettingsTests.WithServiceBus()).Transform(functions);
        Assert.Equal(3, functions.Count);
    }

    private static List<IFunctionMetadata> Functions() =>
    [
        Function("UploadQueued", "serviceBusTrigger"),
        Function("UploadArrived", "blobTrigger"),
        Function("UploadDeadLettered", "serviceBusTrigger"),
    ];

    private static DefaultFunctionMetadata Function(string name, string trigger) => new()
    {
        Name = name,
        RawBindings =
        [
            $$"""{"name":"message","type":"{{trigger}}","direction":"In","connection":"ServiceBus"}""",
            """{"name":"client","type":"durableClient","direction":"In"}""",
        ],
    };
}
