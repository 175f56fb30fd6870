using System.Text;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Disks;

/// <summary>
/// Opens images in the state first seen, also those that consist of several files: behind the
/// state of the file that is named stands, after a line's end, one of all the others.
/// </summary>
public static class PinnedImages
{
    private const char Between = '\n';
    private const int HashCharacters = 32;

    /// <summary>The state of an image that was opened.</summary>
    /// <param name="identity">The state of the file that was named.</param>
    /// <param name="image">The image.</param>
    public static string IdentityOf(string identity, IDiskImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.OtherFiles.Count == 0)
            return identity;
        var others = string.Join(
            Between, image.OtherFiles.Select(p => $"{p.Name}{Between}{p.Identity}"));
        var hash = Hash256.Of(Encoding.UTF8.GetBytes(others)).ToString();
        return $"{identity}{Between}{hash[..HashCharacters]}";
    }

    /// <summary>Opens an image.</summary>
    /// <param name="sources">Opens its file.</param>
    /// <param name="source">The file.</param>
    /// <param name="identity">The state first seen; null to take the one that stands.</param>
    /// <param name="format">What it must be; null goes by the content.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="InvalidImageException">
    /// It is damaged, refused, or not in that state any more.
    /// </exception>
    public static async ValueTask<IDiskImage> OpenAsync(
        ISourceOpener sources, string source, string? identity, string? format,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var file = await sources.OpenAsync(
            source, identity?.Split(Between)[0], cancellation);
        var (found, name) = (file.Identity, file.Name);
        var image = await ImageOpener.OpenAsync(file, format, cancellation);
        found = IdentityOf(found, image);
        if (identity is null || string.Equals(identity, found, StringComparison.Ordinal))
            return image;
        await image.DisposeAsync();
        throw new InvalidImageException(
            "changed", name, "all its files as first seen", "another state of one", null,
            "Take it in again, and leave its files alone until it is taken.");
    }
}
