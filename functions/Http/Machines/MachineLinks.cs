namespace SnapshotFunctions.Http.Machines;

/// <summary>Where a machine leads.</summary>
/// <param name="Self">All about the machine.</param>
/// <param name="Versions">Its versions.</param>
/// <param name="Latest">The newest version that can be restored.</param>
/// <param name="Jobs">The jobs about it.</param>
/// <param name="Consolidate">POST moves the base.</param>
/// <param name="Undo">POST takes the newest version back.</param>
/// <param name="Tier">POST moves old reverse incrementals to colder tiers.</param>
/// <param name="Flatten">POST gives a clone all its blocks.</param>
/// <param name="Purge">POST deletes the machine.</param>
/// <param name="Verify">POST checks what is stored.</param>
/// <param name="Policy">Its policy; PUT replaces it.</param>
/// <param name="Hold">PUT lays a legal hold on it, DELETE lifts it.</param>
public sealed record MachineLinks(
    string Self, string Versions, string Latest, string Jobs, string Consolidate, string Undo,
    string Tier, string Flatten, string Purge, string Verify, string Policy, string Hold)
{
    /// <summary>The links of a machine.</summary>
    public static MachineLinks Of(string machine)
    {
        var self = Links.Machine(machine);
        return new MachineLinks(
            self, $"{self}/versions", $"{self}/versions/latest", $"/api/jobs?machine={machine}",
            $"{self}/consolidate", $"{self}/undo", $"{self}/tier",
            $"{self}/flatten", $"{self}/purge", $"{self}/verify",
            $"{self}/policy", $"{self}/hold");
    }
}
