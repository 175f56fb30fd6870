using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace SnapshotFunctions.AzureStore;

/// <summary>
/// Opens the SDK's protected door to an account's pipeline (the one its own companion packages
/// use), so that a request of ours is signed, retried and logged as the SDK's are.
/// </summary>
internal sealed class PipelineAccess : BlobServiceClient
{
    private PipelineAccess()
    {
    }

    /// <summary>The pipeline that the account's clients send their requests through.</summary>
    public static HttpPipeline Of(BlobServiceClient account) => GetHttpPipeline(account);

    /// <summary>The version of the service that its clients speak, as "2021-12-02".</summary>
    public static string VersionOf(BlobServiceClient account) =>
        GetClientOptions(account).Version.ToString().TrimStart('V').Replace('_', '-');
}
