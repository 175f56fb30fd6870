using System.Text.Json.Serialization;

namespace SnapshotFunctions.App.Durable;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StepAnswer))]
[JsonSerializable(typeof(JobReport))]
[JsonSerializable(typeof(FlowInput))]
[JsonSerializable(typeof(AzureStore.Catalog.JobRow))]
internal sealed partial class DurableJson : JsonSerializerContext;
