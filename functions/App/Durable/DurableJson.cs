using System.Text.Json.Serialization;
using SnapshotFunctions.App.Http;
using SnapshotFunctions.Http.Ports;

namespace SnapshotFunctions.App.Durable;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StepAnswer))]
[JsonSerializable(typeof(JobReport))]
[JsonSerializable(typeof(FlowInput))]
[JsonSerializable(typeof(AzureStore.Catalog.JobRow))]
[JsonSerializable(typeof(GrantedReceipt))]
[JsonSerializable(typeof(UploadClosing))]
internal sealed partial class DurableJson : JsonSerializerContext;
