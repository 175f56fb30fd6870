namespace SnapshotFunctions.Http.Machines;

/// <summary>Where a version leads.</summary>
/// <param name="Self">The version by its number.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Restore">POST writes one of its disks out.</param>
/// <param name="Pin">PUT keeps it whatever the policy says, DELETE lets it go.</param>
public sealed record VersionLinks(string Self, string Machine, string Restore, string Pin)
{
    /// <summary>The links of a version.</summary>
    public static VersionLinks Of(string machine, int version)
    {
        var self = Links.Version(machine, version);
        return new VersionLinks(self, Links.Machine(machine), $"{self}/restore", $"{self}/pin");
    }
}
