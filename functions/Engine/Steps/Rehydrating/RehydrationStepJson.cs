using System.Text.Json.Serialization;

namespace SnapshotFunctions.Engine.Steps.Rehydrating;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(PlanRehydrationInput))]
[JsonSerializable(typeof(RehydrationPlan))]
[JsonSerializable(typeof(OpenRehydrationInput))]
[JsonSerializable(typeof(RehydrationTicket))]
[JsonSerializable(typeof(StartRehydrationInput))]
[JsonSerializable(typeof(StartedRehydration))]
[JsonSerializable(typeof(EndRehydrationInput))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(List<HighRequest>))]
[JsonSerializable(typeof(CheckRehydrationInput))]
[JsonSerializable(typeof(RehydrationState))]
internal sealed partial class RehydrationStepJson : JsonSerializerContext;
