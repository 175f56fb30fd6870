namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// Lists machines from a projection, without a look at each one's manifest; a little behind at
/// times, never in doubt about a version that is asked for by number.
/// </summary>
public interface IMachineCatalog
{
    /// <summary>Some machines in order of their names.</summary>
    /// <param name="prefix">Only names that begin with this; null for all.</param>
    /// <param name="after">The name where the page before ended; null for the first page.</param>
    /// <param name="most">How many at most, 1 to 1,000.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The machines, and whether there are more.</returns>
    Task<(IReadOnlyList<MachineEntry> Machines, bool HasMore)> ListMachinesAsync(
        string? prefix, string? after, int most, CancellationToken cancellation);
}
