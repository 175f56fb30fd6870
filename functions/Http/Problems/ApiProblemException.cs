using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Http.Problems;

/// <summary>An error that only HTTP knows: it is answered as this kind of problem.</summary>
public sealed class ApiProblemException(ProblemKind kind, string code, string message)
    : SnapshotException(code, message)
{
    /// <summary>The kind of problem.</summary>
    public ProblemKind Kind { get; } = kind;

    /// <summary>For archived data: what a rehydration would take.</summary>
    public RehydrationOffer? Rehydration { get; init; }

    /// <summary>Headers of the answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}
