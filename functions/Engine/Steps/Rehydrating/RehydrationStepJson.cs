using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(PlanRehydrationInput))]
[JsonSerializable(typeof(RehydrationPlan))]
[JsonSerializable(typeof(StartRehydrationInput))]
[JsonSerializable(typeof(CheckRehydrationInput))]
[JsonSerializable(typeof(RehydrationState))]
internal sealed partial class RehydrationStepJson : JsonSerializerContext;
