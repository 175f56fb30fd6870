namespace SnapshotFunctions.Http.Problems;

/// <summary>An error as RFC 9457 writes it: <c>application/problem+json</c>.</summary>
/// <param name="Type">A link to what this kind of problem means; stable.</param>
/// <param name="Title">The kind in words; the same for every problem of the type.</param>
/// <param name="Status">The status code.</param>
/// <param name="Detail">What happened this time, and what to do.</param>
/// <param name="Code">The error's code for programs, as the command line has it too.</param>
/// <param name="Instance">The path that was called.</param>
public sealed record Problem(
    string Type, string Title, int Status, string Detail, string Code, string Instance)
{
    /// <summary>For archived data: what a rehydration would take, and the link that starts it.</summary>
    public RehydrationOffer? Rehydration { get; init; }
}
