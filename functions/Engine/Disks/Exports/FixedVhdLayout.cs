using SnapshotFunctions.Engine.Disks.Vhd;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Disks.Exports;

/// <summary>
/// A fixed VHD: the disk's bytes, rounded up to whole MiB as Azure's import wants them, and a
/// footer behind them.
/// </summary>
internal sealed class FixedVhdLayout : ExportLayout
{
    private const long RoundBytes = 1 << 20;
    private const long UnitBytes = 64 << 10;
    private readonly BlockSet _units;
    private readonly byte[] _footer;

    private FixedVhdLayout(ExportDisk disk, BlockSet units)
        : base(disk, Math.Max(1, (disk.SizeBytes + RoundBytes - 1) / RoundBytes) * RoundBytes)
    {
        _units = units;
        _footer = VhdParts.Footer(
            VhdKind.Fixed, SizeBytes, -1, ExportIds.Vhd(disk.Node, disk.SizeBytes));
    }

    /// <inheritdoc />
    public override string Format => ExportFormats.FixedVhd;

    /// <inheritdoc />
    public override long LengthBytes => SizeBytes + _footer.Length;

    /// <summary>The layout of a disk.</summary>
    public static async ValueTask<IExportLayout> OpenAsync(
        ExportDisk disk, CancellationToken cancellation) =>
        new FixedVhdLayout(disk, await BlocksAsync(disk, UnitBytes, cancellation));

    /// <inheritdoc />
    public override ByteRange? NextData(long offset)
    {
        if (offset >= LengthBytes)
            return null;
        var unit = _units.Next(offset / UnitBytes);
        if (unit == _units.Length)
            return new ByteRange(Math.Max(offset, SizeBytes), LengthBytes);
        var end = unit + _units.Run(unit, _units.Length);
        return new ByteRange(
            Math.Max(offset, unit * UnitBytes), Math.Min(end * UnitBytes, SizeBytes));
    }

    /// <inheritdoc />
    protected override async ValueTask<int> FillAsync(
        long offset, Memory<byte> destination, CancellationToken cancellation) =>
        offset < SizeBytes
            ? await DiskAsync(offset, Cut(destination, SizeBytes - offset), cancellation)
            : Copy(_footer, SizeBytes, offset, destination);
}
