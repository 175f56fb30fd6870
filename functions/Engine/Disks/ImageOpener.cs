using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks;

/// <summary>Opens a file as the disk image that its content says it is.</summary>
public static class ImageOpener
{
    /// <summary>The name of the format that has no mark of its own.</summary>
    public const string Raw = "raw";

    /// <summary>The formats that are read.</summary>
    public static IReadOnlyList<string> Formats { get; } =
        [Raw, .. ImageFormat.Known.Where(f => f.OpenAsync is not null).Select(f => f.Name)];

    /// <summary>Opens an image by its content alone; what has no known mark is raw.</summary>
    /// <param name="source">
    /// The file; the image's from then on, and disposed of if this fails.
    /// </param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InvalidImageException">
    /// Damaged, or of a kind that is refused by name.
    /// </exception>
    public static ValueTask<IDiskImage> OpenAsync(
        IByteSource source, CancellationToken cancellation = default) =>
        OpenAsync(source, null, cancellation);

    /// <summary>Opens an image whose format is known, for example by its file name.</summary>
    /// <param name="source">
    /// The file; the image's from then on, and disposed of if this fails.
    /// </param>
    /// <param name="format">
    /// What it must be. <see cref="Raw"/> takes it as it is, without a look at its content: the
    /// first bytes of a raw disk are the guest's to write, and must not be able to turn it into
    /// an image of another format. Null goes by the content.
    /// </param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InvalidImageException">
    /// Damaged, refused by name, or another format.
    /// </exception>
    public static async ValueTask<IDiskImage> OpenAsync(
        IByteSource source, string? format, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        try
        {
            if (source is IImageSource itself)
                return await itself.OpenImageAsync(cancellation);
            if (format is Raw || source.LengthBytes == 0)
                return new RawImage(source);
            var probe = await ProbeAsync(source, cancellation);
            var found = Find(probe, format);
            var faults = new ImageFaults(source.Name);
            if (format is not null && !string.Equals(format, found?.Name, StringComparison.Ordinal))
                throw faults.Refused(
                    "other-format", $"a {format} image", $"{found?.Name ?? Raw}",
                    "Give the file the name of its format.");
            if (found is null)
                return new RawImage(source);
            return found.OpenAsync is { } open
                ? await open(source, cancellation)
                : throw faults.Unsupported(
                    string.Join(", ", Formats), $"a {found.Name} image, which is not read",
                    "Convert it to qcow2.");
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The format that the content has. One that is named comes first: a fixed VHD begins with what
    /// its guest wrote, which must not be able to make another format of it.
    /// </summary>
    private static ImageFormat? Find(ImageProbe probe, string? format) =>
        ImageFormat.Known.FirstOrDefault(known =>
            string.Equals(known.Name, format, StringComparison.Ordinal)
            && (known.IsIt(probe) || known.MayBe?.Invoke(probe) is true))
        ?? ImageFormat.Known.FirstOrDefault(known => known.IsIt(probe));

    private static async ValueTask<ImageProbe> ProbeAsync(
        IByteSource source, CancellationToken cancellation)
    {
        var head = new byte[Math.Min(source.LengthBytes, ImageProbe.HeadBytes)];
        await source.ReadAsync(0, head, cancellation);
        var tail = new byte[Math.Min(source.LengthBytes, ImageProbe.TailBytes)];
        await source.ReadAsync(source.LengthBytes - tail.Length, tail, cancellation);
        return new ImageProbe(head, tail);
    }
}
