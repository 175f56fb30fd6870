using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Http.Machines;

/// <summary>An operation under way.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Started">When it was issued.</param>
/// <param name="Version">The version it is about; absent for none.</param>
/// <param name="Target">The version it moves the base to; absent for none.</param>
public sealed record OperationDocument(
    long Number, string Kind, DateTimeOffset Started, int? Version, int? Target)
{
    /// <summary>The document of an operation.</summary>
    public static OperationDocument Of(OperationRecord operation) => new(
        operation.Number, operation.Kind, operation.Started,
        operation.Version == 0 ? null : operation.Version,
        operation.Target == 0 ? null : operation.Target);
}
