using System.Net;

namespace SnapshotFunctions.LocalTests.Http.Uploads;

/// <summary>A body of unknown length that comes in parts, each when the one before has gone.</summary>
internal sealed class TricklingContent(byte[][] parts, Func<int, Task>? before = null) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (var i = 0; i < parts.Length; i++)
        {
            if (before is not null) await before(i);
            await stream.WriteAsync(parts[i]);
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
