using Azure;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.AzureStore.Restoring;

/// <summary>How errors are told while a restored disk is written.</summary>
internal static class TargetErrors
{
    /// <summary>Does what the service is asked for; a blob that is gone was replaced.</summary>
    public static Task RunAsync(
        BlobErrors errors, RestoreTargetRequest request, Func<Task> action,
        CancellationToken cancellation) =>
        errors.RunAsync(
            request.Target, writing: false,
            async () =>
            {
                try
                {
                    await action();
                    return true;
                }
                catch (RequestFailedException answer) when (BlobErrors.IsNoSuchBlob(answer))
                {
                    throw new RestoreTargetException(
                        "replaced", request.Target,
                        "Another restore has taken its place, or it is gone.", answer);
                }
            },
            cancellation);
}
