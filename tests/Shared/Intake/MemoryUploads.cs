using System.Runtime.CompilerServices;
using SnapshotFunctions.Engine.Intake;

namespace SnapshotFunctions.TestShared.Intake;

/// <summary>Uploads in memory.</summary>
public sealed class MemoryUploads : IIncomingUploads
{
    /// <summary>What stands, by path.</summary>
    public SortedDictionary<string, Upload> Standing { get; } = new(StringComparer.Ordinal);

    /// <summary>What was put aside, with its reason.</summary>
    public List<(Upload Upload, QuarantineReason Reason)> Aside { get; } = [];

    /// <summary>How often removals fail before one does not.</summary>
    public int FailingRemovals { get; set; }

    /// <summary>Adds an upload of images without bytes of their own.</summary>
    public Upload Add(
        string machine, string snapshot, DateTimeOffset arrived, params string[] files)
    {
        var upload = new Upload(
            machine, snapshot, $"{machine}/{snapshot}/",
            [.. files.Select(f => new UploadedFile(
                f, $"{machine}/{snapshot}/{f}", 1, arrived, Identity: "1"))]);
        Standing[upload.Path] = upload;
        return upload;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Upload> ListAsync(
        string? machine, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.CompletedTask;
        foreach (var upload in Standing.Values.ToList())
        {
            if (machine is null || string.Equals(upload.Machine, machine, StringComparison.Ordinal))
                yield return upload;
        }
    }

    /// <inheritdoc/>
    public Task<string> PutAsideAsync(
        Upload upload, QuarantineReason reason, CancellationToken cancellation = default)
    {
        Standing.Remove(upload.Path);
        Aside.Add((upload, reason));
        return Task.FromResult($"quarantine/{upload.Path}");
    }

    /// <inheritdoc/>
    public Task<bool> HasPutAsideSinceAsync(
        string machine, DateTimeOffset since, CancellationToken cancellation = default) =>
        Task.FromResult(Aside.Exists(a =>
            string.Equals(a.Upload.Machine, machine, StringComparison.Ordinal)
            && a.Reason.Time > since));

    /// <inheritdoc/>
    public Task RemoveAsync(Upload upload, CancellationToken cancellation = default)
    {
        if (FailingRemovals-- > 0)
            throw new Engine.Model.StoreRefusedException(upload.Path, "not just now");
        Standing.Remove(upload.Path);
        return Task.CompletedTask;
    }
}
