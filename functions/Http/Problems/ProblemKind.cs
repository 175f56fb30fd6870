namespace SnapshotFunctions.Http.Problems;

/// <summary>A kind of problem: what a problem's <c>type</c> names.</summary>
/// <param name="Name">Its stable name, the last part of the <c>type</c>.</param>
/// <param name="Status">The status code it is answered with.</param>
/// <param name="Title">It in words.</param>
/// <param name="Meaning">What it means and what to do, for who follows the link.</param>
public sealed record ProblemKind(string Name, int Status, string Title, string Meaning)
{
    /// <summary>The <c>type</c>: a path on the same host that explains it.</summary>
    public string Type => $"/api/problems/{Name}";
}
