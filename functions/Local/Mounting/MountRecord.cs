namespace SnapshotFunctions.Local.Mounting;

/// <summary>What is written down of a mount, so that it is found again whatever ends its process.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Store">The store, as <see cref="Hosting.OpenStore.Description"/> has it.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Version">The version.</param>
/// <param name="Operation">The operation that made the version: its number alone may come back.</param>
/// <param name="Disks">The disks; of a writable mount all that the version has.</param>
/// <param name="IsWritable">Whether there are overlays.</param>
/// <param name="Time">When it was made.</param>
/// <param name="Job">The job that ingests it, once it is to be committed.</param>
/// <param name="CloneName">The machine that it is committed to; null: its own.</param>
/// <param name="CloneJob">The job that makes that machine.</param>
internal sealed record MountRecord(
    string Id, string Store, string Machine, int Version, long Operation,
    IReadOnlyList<MountDisk> Disks, bool IsWritable, DateTimeOffset Time, string? Job = null,
    string? CloneName = null, string? CloneJob = null)
{
    /// <summary>Who pins the version.</summary>
    public string PinOwner => $"mount:{Id}";
}
