using System.Globalization;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>StoreFiles</c>: lists machine files with the ingest under way, then writes those that the
/// version below does not have already. Order of writes: the list, then the objects (a crash leaves
/// objects that the operation lists, or lists some that are not there yet); the version takes the
/// list over when the ingest closes. A repeat finds the list and writes what is missing.
/// </summary>
public sealed class StoreFilesStep(StepServices services)
    : Step<StoreFilesInput, long>(PhaseNames.StoreFiles)
{
    /// <inheritdoc/>
    public override async Task<long> RunAsync(
        StoreFilesInput input, CancellationToken cancellation)
    {
        await ListAsync(input, cancellation);
        var manifest = await services.LoadForAsync(input.Machine, input.Operation, cancellation);
        var listed = manifest.Head.Operations.First(o => o.Number == input.Operation).Files!;
        var written = 0L;
        for (var i = 0; i < input.Files.Count; i++)
        {
            var file = listed[input.First + i];
            if (file.Operation != input.Operation) continue;
            await WriteAsync(input, input.Files[i], file, cancellation);
            written += file.LengthBytes;
        }
        return written;
    }

    private async Task ListAsync(StoreFilesInput input, CancellationToken cancellation)
    {
        await services.Manifests.UpdateAsync(
            input.Machine,
            async edit =>
            {
                edit.RequireTurn(input.Epoch);
                var operation = edit.FindOperation(input.Operation)
                    ?? throw new SupersededException(
                        input.Operation, edit.Head.NextOperation - 1,
                        ObjectNames.Head(input.Machine));
                var listed = operation.Files ?? [];
                // A repeat; batches come one after the other.
                if (listed.Count > input.First) return;
                var below = await edit.FindVersionAsync(edit.Before.NewestNumber, cancellation);
                edit.ReplaceOperation(operation with
                {
                    Files =
                    [
                        .. listed,
                        .. input.Files.Select((f, i) => Place(input, f, input.First + i, below)),
                    ],
                });
            },
            cancellation);
    }

    /// <summary>Where a file lies: in the object of the version below, or in one of its own.</summary>
    private static VersionFile Place(
        StoreFilesInput input, SurveyedFile file, int index, VersionRecord? below)
    {
        var same = below?.Files?.FirstOrDefault(
            f => f.Hash == file.Hash && f.LengthBytes == file.LengthBytes);
        return same is not null
            ? same with { Name = file.Name }
            : new VersionFile(
                file.Name, file.LengthBytes, file.Hash, input.Version, input.Operation, index);
    }

    private async Task WriteAsync(
        StoreFilesInput input, SurveyedFile upload, VersionFile file,
        CancellationToken cancellation)
    {
        var (content, _) = await UploadedFiles.ReadAsync(
            services, upload.Source, upload.Identity, cancellation);
        var found = Hash256.Of(content);
        if (found != file.Hash)
            throw new InvalidImageException(
                "changed", file.Name, $"bytes of hash {file.Hash}, as first seen", $"hash {found}",
                null, "Take it in again, and leave it alone until it is taken.");
        var name = file.ObjectName(input.Machine);
        var isNew = true;
        try
        {
            await services.BaseStore.PutAsync(
                name, content, new WriteOptions(IfAbsent: true, Metadata: Describe(input.Machine, file)),
                cancellation);
        }
        catch (OvertakenException)
        {
            // The same bytes lie there: from a run of this step whose answer was lost, or a twin.
            isNew = false;
        }
        await RequireWantedAsync(input, file, isNew, cancellation);
    }

    /// <summary>What the object says of itself.</summary>
    internal static Dictionary<string, string> Describe(string machine, VersionFile file) =>
        new(StringComparer.Ordinal)
        {
            ["machine"] = machine,
            ["file"] = file.Name,
            ["version"] = file.Version.ToString(CultureInfo.InvariantCulture),
            ["operation"] = file.Operation.ToString(CultureInfo.InvariantCulture),
            ["sha256"] = file.Hash.ToString(),
            ["format"] = "1",
        };

    /// <summary>
    /// Goes on while the ingest is listed; else takes back what a stalled worker has written after
    /// it had left the manifest: nothing lists it, nothing ever will, and no sweep knows of it.
    /// </summary>
    private async Task RequireWantedAsync(
        StoreFilesInput input, VersionFile file, bool isNew, CancellationToken cancellation)
    {
        var manifest = await services.Manifests.LoadAsync(input.Machine, cancellation);
        if (manifest.Head.Operations.Any(o => o.Number == input.Operation)) return;
        var name = file.ObjectName(input.Machine);
        // A twin of this worker may have finished the ingest with this very object. An object that
        // was not there before this write is awaited by no reader, even where it is retired.
        if (!await FileListing.ListsAsync(manifest, file, cancellation)
            && (isNew || !manifest.Head.Retired.Any(
                r => r.Names.Contains(name, StringComparer.Ordinal))))
        {
            await services.BaseStore.DeleteAsync(name, ifMatch: null, cancellation);
        }
        throw new SupersededException(
            input.Operation, manifest.Head.NextOperation - 1, ObjectNames.Head(input.Machine));
    }
}
