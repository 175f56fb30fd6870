using SnapshotFunctions.Engine.Disks.Exports;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Http.Disks;

/// <summary>A disk of a version that stands, opened.</summary>
/// <param name="Version">The version.</param>
/// <param name="View">Its disk; shared by all requests.</param>
/// <param name="Format">What file it is answered as; null for the disk as it is.</param>
/// <param name="Layout">That file; null for the disk, or while nothing asked for it yet.</param>
internal sealed record OpenDisk(
    VersionRecord Version, DiskView View, string? Format = null, IExportLayout? Layout = null)
{
    /// <summary>How long what is answered of it stays true.</summary>
    public DiskFreshness Freshness { get; init; }

    /// <summary>
    /// Of a mount: its id, and what its bytes are read from, by how many are wanted in all. Null
    /// for the version itself.
    /// </summary>
    public (string Id, Func<long, IPieceSource> PiecesOf)? Mount { get; init; }

    /// <summary>The size of the disk, or of the file that it is answered as.</summary>
    public long SizeBytes => Format is null ? View.SizeBytes
        : Layout?.LengthBytes ?? throw new InvalidOperationException("It is not laid out yet.");

    /// <summary>
    /// The tag of its bytes: the disk's node of the fingerprint, which zeros at the end leave as it
    /// is, the size beside it, and the format, whose bytes follow from these two. A disk that is
    /// written to has none: to know its state all chunks would have to be asked.
    /// </summary>
    public EntityTag? Tag => Mount is not null ? null : new(
        Format is null
            ? $"{View.Disk.Node}-{View.SizeBytes}" : $"{View.Disk.Node}-{View.SizeBytes}-{Format}",
        IsWeak: false);

    /// <summary>The path of the disk at this very version.</summary>
    public string Path =>
        $"/api/machines/{View.Machine}/versions/{Version.Number}/disks/{View.Disk.Name}"
        + (Format is null ? null : $"?format={Format}");

    /// <summary>What a file of it is called.</summary>
    public string FileName =>
        $"{View.Machine}-v{Version.Number}-{View.Disk.Name}"
        + (Mount is { Id: var id } ? $"-{id}" : null)
        + (Format is null ? ".raw" : ExportFormats.ExtensionOf(Format));

    /// <summary>What its bytes are read from.</summary>
    /// <param name="bytesWanted">How many of them are going to be.</param>
    public IPieceSource PiecesOf(long bytesWanted) => Mount is { PiecesOf: var mounted }
        ? mounted(bytesWanted)
        : Layout is null
            ? new ViewPieces(View) : new LayoutPieces(Layout, View.Layout.BlockBytes);

    /// <summary>The version's disk of a name.</summary>
    /// <exception cref="NoSuchException">It has none.</exception>
    public static VersionDisk Find(VersionRecord version, string machine, string disk) =>
        version.Disks.FirstOrDefault(
            d => string.Equals(d.Name, disk, StringComparison.Ordinal))
        ?? throw new NoSuchException(
            $"disk '{disk}' in version {version.Number} of '{machine}'",
            $"It has {string.Join(", ", version.Disks.Select(d => d.Name))}.");
}
