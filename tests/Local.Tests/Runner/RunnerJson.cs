using System.Text.Json.Serialization;

namespace SnapshotFunctions.LocalTests.Runner;

[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(string))]
internal sealed partial class RunnerJson : JsonSerializerContext;
