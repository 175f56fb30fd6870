using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Win32.SafeHandles;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Uploads;

namespace SnapshotFunctions.Local.Serving.Uploading;

/// <summary>
/// Receives one piece of a file. Bytes are made durable before the record that tells of them; what
/// lies in the file beyond its record is dropped before anything is written after it.
/// </summary>
internal sealed class FileReception(
    UploadPlaces places, GatheredFile record, UploadPiece piece, UploadWriter writer,
    FolderUploadOptions options, TimeProvider time)
{
    private const int HoleBytes = 64 << 10;

    private string FilePath => Path.Combine(places.Gathered, Record.FileName);

    /// <summary>The record as it stands: on disk it is the same.</summary>
    private GatheredFile Record { get; set; } = record;

    /// <summary>Receives the piece; what came before an error is kept.</summary>
    public async Task<GatheredFile> ReceiveAsync(Stream body)
    {
        // The record goes back first: after a crash in the midst of the piece it must not tell of
        // bytes that the piece has begun to replace.
        if (Record is not { ReceivedBytes: var received } || received != piece.Offset
            || !File.Exists(FilePath))
            Save(Record with { ReceivedBytes = piece.Offset });
        using var file = UploadFaults.Run(Record.FileName, () => File.OpenHandle(
            FilePath, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read));
        UploadFaults.Run(Record.FileName, () =>
        {
            RandomAccess.SetLength(file, piece.Offset);
            DurableFiles.SyncFolder(places.Gathered);
        });
        var buffer = ArrayPool<byte>.Shared.Rent(options.BufferBytes);
        try
        {
            await CopyAsync(file, body, buffer.AsMemory(0, options.BufferBytes));
            return Record;
        }
        catch (OperationCanceledException) when (writer.Overtaken.IsCancellationRequested)
        {
            throw new RefusedException(
                "upload-writer",
                $"Nothing had come of '{Record.Name}' for a while, and another connection goes on "
                + "with it. What had come is kept.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task CopyAsync(
        SafeFileHandle file, Stream body, Memory<byte> buffer)
    {
        var most = piece.LengthBytes is { } told
            ? piece.Offset + told
            : UploadRules.MostBytes(Record.Kind);
        var (at, held, ended) = (piece.Offset, 0, false);
        try
        {
            while (!ended)
            {
                var read = await ReadAsync(body, buffer[held..]);
                (held, ended) = (held + read, read == 0);
                if (at + held > most) throw TooLong(file, ref at, ref held, most);
                if (!ended && held < buffer.Length) continue;
                Flush(file, buffer.Span, ref at, ref held);
                if (at - Record.ReceivedBytes >= options.SyncEveryBytes) Sync(file, at);
            }
            CheckLength(at);
        }
        finally
        {
            // However it ended, what came is kept: the next piece goes on from there.
            Flush(file, buffer.Span, ref at, ref held);
            Sync(file, at);
        }
        // A body whose length nobody told ends where the file does.
        if (piece.LengthBytes is null) Save(Record with { TotalBytes = at });
    }

    private async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer)
    {
        try
        {
            // That the client has gone is not asked for: what it sent before is read first, and
            // then the body itself tells that it broke off.
            var read = await body.ReadAsync(buffer, writer.Overtaken);
            writer.Heard();
            return read;
        }
        catch (IOException error) when (error is not BadHttpRequestException)
        {
            // The connection is gone. That is the client's own trouble, never the host's.
            throw new RefusedException("upload-length", $"The connection broke: {error.Message}");
        }
    }

    private void CheckLength(long at)
    {
        if (piece.LengthBytes is { } told && at != piece.Offset + told)
        {
            throw new RefusedException(
                "upload-length",
                $"Expected {told} bytes, the body ended after {at - piece.Offset}. They are kept.");
        }
    }

    private RefusedException TooLong(SafeFileHandle file, ref long at, ref int held, long most)
    {
        // A body that is not what it says is not trusted for its beginning either.
        (at, held) = (piece.Offset, 0);
        Save(Record with { ReceivedBytes = at });
        RandomAccess.SetLength(file, at);
        return piece.LengthBytes is { } told
            ? new RefusedException(
                "upload-length",
                $"Expected {told} bytes, the body has more. Nothing of the piece was kept.")
            : UploadPieces.TooLong(most + 1, most);
    }

    private void Flush(SafeFileHandle file, Span<byte> buffer, ref long at, ref int held)
    {
        // Let go of first: bytes that the disk has no room for are not tried again.
        var bytes = buffer[..held];
        held = 0;
        Write(file, at, bytes);
        at += bytes.Length;
    }

    /// <summary>Writes bytes at the file's end; runs of zeros are left as holes.</summary>
    private void Write(SafeFileHandle file, long at, ReadOnlySpan<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty)
            {
                // Up to the next border, so that holes fall on whole blocks of the file system.
                var length = (int)Math.Min(bytes.Length, HoleBytes - (at % HoleBytes));
                if (bytes[..length].ContainsAnyExcept((byte)0))
                    RandomAccess.Write(file, bytes[..length], at);
                at += length;
                bytes = bytes[length..];
            }
        }
        catch (Exception error) when (UploadFaults.Translate(error, Record.FileName) is not null)
        {
            throw UploadFaults.Translate(error, Record.FileName)!;
        }
    }

    private void Sync(SafeFileHandle file, long at) => UploadFaults.Run(Record.FileName, () =>
    {
        // Zeros at the end were not written.
        if (RandomAccess.GetLength(file) != at) RandomAccess.SetLength(file, at);
        RandomAccess.FlushToDisk(file);
        options.Done("bytes");
        if (at != Record.ReceivedBytes) Save(Record with { ReceivedBytes = at });
    });

    private void Save(GatheredFile changed) => UploadFaults.Run(Record.FileName, () =>
    {
        changed = changed with { Touched = time.GetUtcNow() };
        DurableFiles.Write(
            places.RecordOf(changed.Kind, changed.Name), changed,
            UploadingJson.Default.GatheredFile);
        Record = changed;
        options.Done("record");
    });
}
