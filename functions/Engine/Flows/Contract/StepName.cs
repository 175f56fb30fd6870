using System.Text.Json.Serialization.Metadata;

namespace SnapshotFunctions.Engine.Flows.Contract;

/// <summary>
/// Names a step and tells how its input and result are written down. Both are names and ranges,
/// never data: at most 16 KB of JSON each.
/// </summary>
/// <param name="Name">The activity's name on every runner, for example <c>PatchShard</c>.</param>
/// <param name="Input">How the input is serialized.</param>
/// <param name="Output">How the result is serialized.</param>
public sealed record StepName<TIn, TOut>(
    string Name, JsonTypeInfo<TIn> Input, JsonTypeInfo<TOut> Output);
