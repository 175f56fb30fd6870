using SnapshotFunctions.Engine.Intake;

namespace SnapshotFunctions.Local.Serving;

/// <summary>Uploads that lie in a folder of this machine.</summary>
internal sealed class FolderIntake(IncomingFolder incoming, Quarantine quarantine) : IIncomingUploads
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<Upload> ListAsync(
        string? machine,
        [System.Runtime.CompilerServices.EnumeratorCancellation]
        CancellationToken cancellation = default)
    {
        await Task.CompletedTask;
        foreach (var upload in incoming.Find())
        {
            cancellation.ThrowIfCancellationRequested();
            if (machine is null
                || string.Equals(upload.Machine, machine, StringComparison.Ordinal))
                yield return upload;
        }
    }

    /// <inheritdoc/>
    public Task<string> PutAsideAsync(
        Upload upload, QuarantineReason reason, CancellationToken cancellation = default) =>
        Task.FromResult(quarantine.Put(upload, reason));

    /// <inheritdoc/>
    public Task<bool> HasPutAsideSinceAsync(
        string machine, DateTimeOffset since, CancellationToken cancellation = default) =>
        Task.FromResult(quarantine.HasSince(machine, since));

    /// <inheritdoc/>
    public Task RemoveAsync(Upload upload, CancellationToken cancellation = default)
    {
        foreach (var file in upload.Files) File.Delete(upload.FileAt(file.Name));
        UploadFolder.Remove(upload);
        return Task.CompletedTask;
    }
}
