namespace SnapshotFunctions.Local.Hosting;

/// <summary>Who drives a machine's jobs.</summary>
/// <param name="Owner">As <see cref="ProcessOwner.For"/> writes it.</param>
/// <param name="Until">When it ends unless it is renewed.</param>
internal sealed record DriverRecord(string Owner, DateTimeOffset Until);
