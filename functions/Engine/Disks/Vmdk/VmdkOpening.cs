using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks.Vmdk;

/// <summary>Opens a VMDK: one file with its descriptor within, or a descriptor and its files.</summary>
/// <param name="source">The file that was named.</param>
/// <param name="faults">Words the refusals.</param>
internal sealed class VmdkOpening(IByteSource source, ImageFaults faults)
{
    private const string UploadWhole =
        "Give the descriptor, with its extents beside it; or convert it to streamOptimized.";

    /// <summary>How a descriptor in a file of its own begins.</summary>
    public static ReadOnlySpan<byte> Mark => "# Disk DescriptorFile"u8;

    /// <summary>How an seSparse extent begins: its magic and its version.</summary>
    public static ReadOnlySpan<byte> SeSparseMark =>
        [0xBE, 0xBA, 0xFE, 0xCA, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0];

    /// <summary>The descriptor and the extents in the disk's order.</summary>
    /// <exception cref="InvalidImageException">It is damaged or refused.</exception>
    public async ValueTask<(VmdkDescriptor Descriptor, IReadOnlyList<VmdkPart> Parts)> OpenAsync(
        CancellationToken cancellation)
    {
        var mark = new byte[Math.Min(Mark.Length, source.LengthBytes)];
        await source.ReadAsync(0, mark, cancellation);
        return mark.AsSpan().SequenceEqual(Mark)
            ? await ByDescriptorAsync(cancellation)
            : await SingleAsync(cancellation);
    }

    private async ValueTask<(VmdkDescriptor Descriptor, IReadOnlyList<VmdkPart> Parts)> SingleAsync(
        CancellationToken cancellation)
    {
        var mark = new byte[Math.Min(SeSparseMark.Length, source.LengthBytes)];
        await source.ReadAsync(0, mark, cancellation);
        if (mark.AsSpan().SequenceEqual(SeSparseMark))
            throw faults.Unsupported(
                "sparse extents that are described in public", "an seSparse extent",
                "Convert the image to streamOptimized or qcow2.");
        var header = await new VmdkHeaderReader(source, faults).ReadAsync(cancellation);
        if (header.Descriptor.Length == 0)
            throw faults.Refused(
                "extent-alone", "an image with its descriptor", "an extent without it",
                UploadWhole);
        var descriptor = await DescriptorAsync(header.Descriptor, cancellation);
        if (descriptor.Extents.Count != 1 || descriptor.Extents[0].Kind is not "SPARSE")
            throw faults.Header(
                "a descriptor of one sparse extent within the image",
                $"{descriptor.Extents.Count} extents", header.Descriptor.Offset);
        return (
            descriptor,
            [VmdkPart.Sparse(header, descriptor.ParentContentId is not null, source, faults)]);
    }

    private async ValueTask<(VmdkDescriptor Descriptor, IReadOnlyList<VmdkPart> Parts)>
        ByDescriptorAsync(CancellationToken cancellation)
    {
        if (source.LengthBytes > VmdkDescriptor.MostBytes)
            throw faults.Header(
                $"a descriptor of at most {VmdkDescriptor.MostBytes} bytes",
                $"{source.LengthBytes}");
        var descriptor = await DescriptorAsync(
            new ByteRange(0, source.LengthBytes), cancellation);
        Check(descriptor);
        var parts = new List<VmdkPart>();
        try
        {
            foreach (var line in descriptor.Extents)
                parts.Add(await PartAsync(descriptor, line, cancellation));
            return (descriptor, parts);
        }
        catch
        {
            foreach (var part in parts)
            {
                if (part.Source is not null)
                    await part.Source.DisposeAsync();
            }

            throw;
        }
    }

    private async ValueTask<VmdkDescriptor> DescriptorAsync(
        ByteRange range, CancellationToken cancellation)
    {
        var text = new byte[range.Length];
        await source.ReadAsync(range.Offset, text, cancellation);
        return VmdkDescriptor.Parse(text, faults);
    }

    private void Check(VmdkDescriptor descriptor)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { source.Name };
        var sizeBytes = 0L;
        foreach (var line in descriptor.Extents)
        {
            sizeBytes += line.SizeBytes;
            if (line.Kind is not ("FLAT" or "VMFS" or "SPARSE" or "VMFSSPARSE" or "ZERO"))
                throw faults.Unsupported(
                    "extents of the kinds FLAT, VMFS, SPARSE, VMFSSPARSE and ZERO",
                    $"{line.Kind} in a {descriptor.CreateType} image",
                    "Convert it to streamOptimized or qcow2.");
            if (line.FileName is not { } name)
                continue;
            if (name.AsSpan().ContainsAny("/\\:\0") || name is "." or "..")
                throw faults.Refused(
                    "extent-path", "extents that lie beside their descriptor", $"'{name}'",
                    "Move them there and name them so.");
            // A file that is named twice could stand for any number of disks.
            if (!names.Add(name))
                throw faults.Header("each extent's file named once", $"'{name}' again");
        }

        if (sizeBytes > ImageLimits.DiskBytes)
            throw faults.Refused(
                "too-large", $"a disk of at most {ImageLimits.DiskBytes} bytes",
                $"{sizeBytes} bytes", "Split the disk.");
        if (sizeBytes == 0)
            throw faults.Header("one extent at least", "none");
    }

    private async ValueTask<VmdkPart> PartAsync(
        VmdkDescriptor descriptor, VmdkExtentLine line, CancellationToken cancellation)
    {
        if (line.FileName is null)
            return VmdkPart.Zeros(line.SizeBytes);
        var file = await source.OpenBesideAsync(line.FileName, cancellation)
            ?? throw faults.Refused(
                "extent-missing", $"the extent '{line.FileName}' beside the descriptor", "none",
                line.Kind is "FLAT" or "VMFS" && descriptor.Extents.Count == 1
                    ? $"Put it there; or take '{line.FileName}' in alone, under a name that ends in "
                        + ".raw: it is the disk as it is."
                    : "Put all extents there; or convert the image to streamOptimized.");
        try
        {
            var partFaults = new ImageFaults(file.Name);
            if (line.Kind is "FLAT" or "VMFS")
                return VmdkPart.Flat(line.SizeBytes, line.OffsetBytes, file, partFaults);
            var header = await new VmdkHeaderReader(file, partFaults).ReadAsync(cancellation);
            return header.SizeBytes == line.SizeBytes
                ? VmdkPart.Sparse(
                    header, descriptor.ParentContentId is not null, file, partFaults)
                : throw partFaults.Header(
                    $"an extent of {line.SizeBytes} bytes, as {source.Name} has it",
                    $"{header.SizeBytes}");
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
