namespace SnapshotFunctions.Engine.Disks.Exports;

/// <summary>The formats that a disk can be had in, besides raw.</summary>
public static class ExportFormats
{
    /// <summary>QEMU's format, version 3, not compressed.</summary>
    public const string Qcow2 = "qcow2";

    /// <summary>A fixed VHD: what Azure's import takes.</summary>
    public const string FixedVhd = "vhd";

    /// <summary>A dynamic VHD.</summary>
    public const string DynamicVhd = "vhd-dynamic";

    /// <summary>A dynamic VHDX.</summary>
    public const string Vhdx = "vhdx";

    /// <summary>A stream-optimized VMDK, compressed.</summary>
    public const string Vmdk = "vmdk";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Qcow2, FixedVhd, DynamicVhd, Vhdx, Vmdk];

    /// <summary>
    /// Those whose layout follows from where a disk holds anything, so that any range of such a
    /// file can be had without the others.
    /// </summary>
    public static IReadOnlyList<string> ByRanges { get; } =
        [Qcow2, FixedVhd, DynamicVhd, Vhdx];

    /// <summary>What such a file's name ends in.</summary>
    public static string ExtensionOf(string format) =>
        format is DynamicVhd ? ".vhd" : $".{format}";

    /// <summary>Lays a disk out in a format.</summary>
    /// <exception cref="Model.RefusedException">
    /// The disk is too large for the format, or the format is none of <see cref="ByRanges"/>.
    /// </exception>
    public static ValueTask<IExportLayout> OpenAsync(
        string format, ExportDisk disk, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(disk);
        ArgumentOutOfRangeException.ThrowIfNegative(disk.SizeBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(disk.SizeBytes, ImageLimits.DiskBytes);
        return format switch
        {
            Qcow2 => Qcow2ExportLayout.OpenAsync(disk, cancellation),
            FixedVhd => FixedVhdLayout.OpenAsync(disk, cancellation),
            DynamicVhd => DynamicVhdLayout.OpenAsync(disk, cancellation),
            Vhdx => VhdxLayout.OpenAsync(disk, cancellation),
            Vmdk => throw NotByRanges(),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such format."),
        };
    }

    /// <summary>Says why a format cannot be had by ranges, and what can be.</summary>
    public static Model.RefusedException NotByRanges() => new(
        "format-stream",
        "A stream-optimized VMDK is compressed: where its bytes lie is known once all of it was "
        + $"written. Restore it to a file; by ranges there are {string.Join(", ", ByRanges)}.");
}
