namespace SnapshotFunctions.Engine.Model;

/// <summary>
/// A disk image that cannot be taken: damaged, truncated, hostile or of a kind that is refused by
/// name. Nothing was stored because of it; it must not be retried.
/// </summary>
public sealed class InvalidImageException : SnapshotException
{
    /// <summary>Says what was expected, what was found and where.</summary>
    /// <param name="reason">Stable word for the kind of fault, kebab case: <c>truncated</c>.</param>
    /// <param name="image">The image's name, as the user knows it.</param>
    /// <param name="expected">What should have been there.</param>
    /// <param name="found">What was there.</param>
    /// <param name="offset">Where in the image's file, in bytes; null when no one place.</param>
    /// <param name="advice">What the user can do.</param>
    /// <param name="inner">The error below, if any.</param>
    public InvalidImageException(
        string reason, string image, string expected, string found, long? offset = null,
        string? advice = null, Exception? inner = null)
        : base($"image-{reason}", Compose(image, expected, found, offset, advice), inner)
    {
        Reason = reason;
        Image = image;
        Expected = expected;
        Found = found;
        Offset = offset;
        Advice = advice;
    }

    /// <summary>Stable word for the kind of fault.</summary>
    public string Reason { get; }

    /// <summary>The image's name.</summary>
    public string Image { get; }

    /// <summary>What should have been there.</summary>
    public string Expected { get; }

    /// <summary>What was there.</summary>
    public string Found { get; }

    /// <summary>Where in the image's file, in bytes.</summary>
    public long? Offset { get; }

    /// <summary>What the user can do.</summary>
    public string? Advice { get; }

    private static string Compose(
        string image, string expected, string found, long? offset, string? advice)
    {
        var where = offset is { } at ? $" at byte {at}" : string.Empty;
        var what = advice is null ? string.Empty : $" {advice}";
        return $"{image}: expected {expected}, found {found}{where}.{what}";
    }
}
