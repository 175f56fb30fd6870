using System.Text.Json.Serialization.Metadata;

namespace SnapshotFunctions.Engine.Flows.Contract;

/// <summary>Names a flow and tells how its input and result are written down.</summary>
/// <param name="Name">The orchestrator's name on every runner, for example <c>Ingest</c>.</param>
/// <param name="Input">How the input is serialized.</param>
/// <param name="Output">How the result is serialized.</param>
public sealed record FlowName<TIn, TOut>(
    string Name, JsonTypeInfo<TIn> Input, JsonTypeInfo<TOut> Output);
