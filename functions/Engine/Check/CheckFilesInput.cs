using SnapshotFunctions.Engine.Planning;

namespace SnapshotFunctions.Engine.Check;

/// <summary>What <c>CheckFiles</c> works on.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="From">The version it begins at.</param>
/// <param name="Depth">Quick asks for objects; full reads them.</param>
/// <param name="Share">Which of them a sampled check reads; null for none.</param>
public sealed record CheckFilesInput(
    string Machine, int From, CheckDepth Depth, VerifyShare? Share = null);
