namespace SnapshotFunctions.Engine.Disks;

/// <summary>
/// The work that one walk over an image's tables may cause, in proportion to the file's length.
/// </summary>
/// <remarks>
/// A sound image uses each byte of its file for one thing at most: what its tables and the data
/// they map take up can never exceed the file. So sums are enough, and no map of used clusters
/// (128 MiB for a file of 64 TiB) has to be kept; a few ranges mapped twice go unnoticed, as they
/// do in other readers, but a file can never be blown up by mapping one range everywhere.
/// What is compressed is limited by its unpacked size instead.
/// </remarks>
internal sealed class ImageQuota
{
    private readonly ImageFaults _faults;
    private readonly long _fileBytes;
    private readonly long _storedLimitBytes;
    private readonly long _unpackedLimitBytes;
    private long _storedBytes;
    private long _unpackedBytes;

    /// <summary>An unused quota.</summary>
    /// <param name="faults">Words the refusal.</param>
    /// <param name="fileBytes">The length of the image's file.</param>
    /// <param name="slackBytes">What the last unit may reach past the file's end.</param>
    public ImageQuota(ImageFaults faults, long fileBytes, long slackBytes)
    {
        _faults = faults;
        _fileBytes = fileBytes;
        _storedLimitBytes = fileBytes + slackBytes;
        _unpackedLimitBytes = fileBytes > long.MaxValue / ImageLimits.UnpackedPerFileByte / 2
            ? long.MaxValue
            : (fileBytes * ImageLimits.UnpackedPerFileByte) + ImageLimits.UnpackedSlackBytes;
    }

    /// <summary>Counts a part of the file that a table, or data as it is, takes up.</summary>
    /// <exception cref="Model.InvalidImageException">Reason "quota".</exception>
    public void AddStored(long lengthBytes)
    {
        _storedBytes += lengthBytes;
        if (_storedBytes > _storedLimitBytes)
            throw _faults.Quota(
                "tables and data that fit into the file together",
                $"at least {_storedBytes} bytes of them in a file of {_fileBytes}");
    }

    /// <summary>Counts a compressed part of the file and what it unpacks to.</summary>
    /// <param name="storedBytes">The least that it can take up in the file.</param>
    /// <param name="unpackedBytes">What it unpacks to.</param>
    /// <exception cref="Model.InvalidImageException">Reason "quota".</exception>
    public void AddCompressed(long storedBytes, long unpackedBytes)
    {
        AddStored(storedBytes);
        _unpackedBytes += unpackedBytes;
        if (_unpackedBytes > _unpackedLimitBytes)
            throw _faults.Quota(
                $"at most {ImageLimits.UnpackedPerFileByte} unpacked bytes per byte of the file",
                $"at least {_unpackedBytes} from a file of {_fileBytes}");
    }
}
