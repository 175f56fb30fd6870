using Azure.Storage.Blobs.Models;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.AzureStore;

/// <summary>Copies that the service makes by itself.</summary>
internal static class BlobCopies
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Waits for the end of a copy.</summary>
    /// <exception cref="StoreBusyException">It did not succeed; it can be made again.</exception>
    public static async Task EndAsync(
        CopyFromUriOperation copy, string name, CancellationToken cancellation)
    {
        await copy.WaitForCompletionAsync(LookEvery, cancellation);
        if (!copy.HasValue) throw new StoreBusyException(name, "the service's copy of it failed");
    }
}
