using SnapshotFunctions.Engine.Disks.Qcow2;
using SnapshotFunctions.Engine.Disks.Sfd;
using SnapshotFunctions.Engine.Disks.Vhd;
using SnapshotFunctions.Engine.Disks.Vhdx;
using SnapshotFunctions.Engine.Disks.Vmdk;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks;

/// <summary>A format that is known by its content; a row of the table of formats.</summary>
/// <param name="Name">The format's name.</param>
/// <param name="IsIt">Whether a file looks like one.</param>
/// <param name="OpenAsync">Opens it; null when the format is known but not read.</param>
/// <param name="MayBe">
/// Whether a file that is named so may be a damaged one, so that its own reader tells what is wrong.
/// </param>
internal sealed record ImageFormat(
    string Name,
    Func<ImageProbe, bool> IsIt,
    Func<IByteSource, CancellationToken, ValueTask<IDiskImage>>? OpenAsync = null,
    Func<ImageProbe, bool>? MayBe = null)
{
    /// <summary>
    /// Every format with a mark of its own, in the order in which they are tried.
    /// </summary>
    /// <remarks>
    /// Those that are not read are listed so that they are refused by name: taken for raw, their
    /// bytes would be kept as if they were a disk.
    /// </remarks>
    public static IReadOnlyList<ImageFormat> Known { get; } =
    [
        new("qcow", p => p.HasAt(0, [.. "QFI"u8, 0xFB, 0, 0, 0, 1])),
        new("qcow2", p => p.HasAt(0, [.. "QFI"u8, 0xFB]), async (source, cancellation) =>
            await Qcow2Image.OpenAsync(source, cancellation)),
        new("vhdx", p => p.HasAt(0, "vhdxfile"u8), async (source, cancellation) =>
            await VhdxImage.OpenAsync(source, cancellation)),
        new("vmdk", p => p.HasAt(0, "KDMV"u8) || p.HasAt(0, "COWD"u8)
            || p.HasAt(0, VmdkOpening.Mark) || p.HasAt(0, VmdkOpening.SeSparseMark), async (source, cancellation) =>
                await VmdkImage.OpenAsync(source, cancellation)),
        new("sfd", p => p.HasAt(0, SfdHeader.Mark), async (source, cancellation) =>
            await SfdImage.OpenAsync(source, cancellation)),
        new("qed", p => p.HasAt(0, "QED\0"u8)),
        new("vdi", p => p.HasAt(64, [0x7F, 0x10, 0xDA, 0xBE])),
        new("parallels", p => p.HasAt(0, "WithoutFreeSpace"u8)
            || p.HasAt(0, "WithouFreSpacExt"u8)),
        new("vhd", p => p.HasVhdFooter(), async (source, cancellation) =>
            await VhdImage.OpenAsync(source, cancellation), p => p.HasVhdMark()),
    ];
}
