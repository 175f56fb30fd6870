using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Http.Ports;
using SnapshotFunctions.Http.Uploads;
using SnapshotFunctions.Local.Runner;

namespace SnapshotFunctions.Local.Serving.Uploading;

/// <content>Taking bytes.</content>
internal sealed partial class FolderUploads
{
    /// <inheritdoc/>
    public async Task<UploadedFileStatus> WriteAsync(
        UploadFile file, UploadPiece piece, Stream body, CancellationToken cancellation)
    {
        var places = At(file.Machine, file.Snapshot);
        var path = places.RecordOf(file.Kind, file.Name);
        using var use = _gates.Enter(KeyOf(places));
        await use.TakeTurnAsync(cancellation);
        // Before anything else: the earlier connection may still be adding to the file.
        await StopAsync(use.Gate.WriterOf(path), file.Name, cancellation);
        await OpenAsync(places, cancellation);
        var record = Accept(places, file, piece);
        var writer = use.Gate.Begin(path, _engine.Time);
        use.EndTurn();
        try
        {
            var reception = new FileReception(
                places, record, piece, writer, _options, _engine.Time);
            return (await reception.ReceiveAsync(body)).Status();
        }
        finally
        {
            use.Gate.End(path);
        }
    }

    /// <summary>Makes the upload's folders where they are missing, if there may be an upload.</summary>
    private async Task OpenAsync(UploadPlaces places, CancellationToken cancellation)
    {
        if (IsCompleted(places, out var receipt))
        {
            // One that did not become a version may be uploaded again under its name.
            if (await IsPendingAsync(places, receipt!, cancellation)) RefuseCompleted(places);
            await CheckNameAsync(places, cancellation);
            Remove(places);
        }
        else
        {
            RefuseCompleted(places);
        }
        if (Directory.Exists(places.Gathered)) return;
        if (Directory.Exists(places.Visible)) throw Taken(places, "lies in the incoming folder already");
        await CheckNameAsync(places, cancellation);
        UploadFaults.Run(places.Snapshot, () => DurableFiles.MakeFolder(places.Gathered));
    }

    private async Task CheckNameAsync(UploadPlaces places, CancellationToken cancellation)
    {
        if (await FindVersionAsync(places, cancellation) is { } number)
        {
            throw new RefusedException(
                "snapshot-taken",
                $"Snapshot '{places.Snapshot}' of '{places.Machine}' is version {number} already: "
                + "give a new snapshot a new name.");
        }
    }

    private async Task<int?> FindVersionAsync(UploadPlaces places, CancellationToken cancellation)
    {
        if (await _engine.Manifests.FindAsync(places.Machine, cancellation) is not { } manifest)
            return null;
        await foreach (var version in manifest.VersionsAsync(cancellation: cancellation))
        {
            if (string.Equals(version.Snapshot, places.Snapshot, StringComparison.Ordinal))
                return version.Number;
        }
        return null;
    }

    /// <summary>What the file's record is with this piece to come, or why it is refused.</summary>
    private GatheredFile Accept(UploadPlaces places, UploadFile file, UploadPiece piece)
    {
        var known = ReadRecord(places, places.RecordOf(file.Kind, file.Name));
        var format = file.Format ?? known?.Format;
        if (file.Kind is UploadKind.Disk && format is null)
        {
            throw new RefusedException(
                "format",
                $"format: expected one of {string.Join(", ", UploadRules.Formats)} with the first "
                + "piece of a disk; found none.");
        }
        if (known is not null && !string.Equals(format, known.Format, StringComparison.Ordinal))
        {
            throw new RefusedException(
                "upload-format-differs",
                $"Disk '{file.Name}' was begun as {known.Format}, not {format}: drop it first if "
                + "that was wrong.");
        }
        CheckPlace(file, piece, known);
        if (known is null)
        {
            CheckCount(places, file.Kind);
            return new GatheredFile(
                file.Kind, file.Name, format, 0, piece.TotalBytes, _engine.Time.GetUtcNow());
        }
        return piece.Offset == 0
            ? known with { TotalBytes = piece.TotalBytes }
            : known with { TotalBytes = piece.TotalBytes ?? known.TotalBytes };
    }

    private static void CheckPlace(UploadFile file, UploadPiece piece, GatheredFile? known)
    {
        var received = known?.ReceivedBytes ?? 0;
        if (piece.Offset > received)
        {
            throw new RefusedException(
                "upload-offset",
                $"'{file.Name}' has {received} bytes so far: expected a piece that begins there or "
                + $"before, found one that begins at byte {piece.Offset}.");
        }
        var total = piece.TotalBytes ?? (piece.Offset == 0 ? null : known?.TotalBytes);
        if (piece.Offset > 0 && known?.TotalBytes is { } told && total != told)
        {
            throw new RefusedException(
                "upload-total",
                $"'{file.Name}' was told to have {told} bytes; found {total}. Begin it at byte 0 if "
                + "it changed.");
        }
        if (piece.Offset + (piece.LengthBytes ?? 0) > total)
        {
            throw new RefusedException(
                "upload-total",
                $"'{file.Name}' has {total} bytes; the piece ends at "
                + $"{piece.Offset + piece.LengthBytes}.");
        }
    }

    private static void CheckCount(UploadPlaces places, UploadKind kind)
    {
        var most = UploadRules.MostFiles(kind);
        if (Records(places).Count(f => f.Kind == kind) < most) return;
        throw new RefusedException(
            "upload-too-many", $"A snapshot has at most {most} files of this kind.");
    }
}
