namespace SnapshotFunctions.Http.Machines;

/// <summary>The paths of things, for documents. Names need no escaping.</summary>
internal static class Links
{
    /// <summary>A machine.</summary>
    public static string Machine(string machine) => $"/api/machines/{machine}";

    /// <summary>A version.</summary>
    public static string Version(string machine, int version) =>
        $"{Machine(machine)}/versions/{version}";

    /// <summary>A disk of a version.</summary>
    public static string Disk(string machine, int version, string disk) =>
        $"{Version(machine, version)}/disks/{disk}";

    /// <summary>A writable mount of a version.</summary>
    public static string Mount(string machine, int version, string mount) =>
        $"{Version(machine, version)}/mounts/{mount}";

    /// <summary>A machine file of a version.</summary>
    public static string File(string machine, int version, string file) =>
        $"{Version(machine, version)}/files/{file}";
}
