using System.Net.Sockets;
using Azure;
using Azure.Identity;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.AzureStore.Catalog;

/// <summary>
/// Where errors of the table service become the store's: busy, or refused. What a conflict means,
/// its caller knows; it comes through as it is.
/// </summary>
/// <param name="place">The account, for messages.</param>
internal sealed class TableErrors(string place)
{
    /// <summary>Whether a row was changed, made or removed by another writer.</summary>
    public static bool IsConflict(RequestFailedException answer) =>
        answer.Status is 409 or 412
        || (answer.Status == 404 && answer.ErrorCode is "ResourceNotFound" or "EntityNotFound");

    /// <summary>Runs a call of the SDK.</summary>
    public async Task<T> RunAsync<T>(
        string name, Func<Task<T>> call, CancellationToken cancellation)
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException answer) when (answer.Status > 0 && IsConflict(answer))
        {
            throw;
        }
        catch (RequestFailedException answer) when (answer.Status > 0)
        {
            throw FromAnswer(answer, name);
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested && MayPass(error))
        {
            throw new StoreBusyException(
                name, $"{place} was not reached: {error.GetBaseException().Message}", inner: error);
        }
        catch (AuthenticationFailedException error)
        {
            throw new StoreRefusedException(
                name, $"{place} was not reached, for no credential was accepted: {error.Message}");
        }
    }

    private StoreException FromAnswer(RequestFailedException answer, string name)
    {
        var told = $"{place} answered {answer.Status} {answer.ErrorCode ?? "without a code"}";
        return answer.Status switch
        {
            408 or 429 or >= 500 => new StoreBusyException(name, told, inner: answer),
            401 or 403 => new StoreRefusedException(
                name,
                $"{told}. The caller needs the role 'Storage Table Data Contributor' there, and a "
                + "network rule that lets it in"),
            _ => new StoreRefusedException(name, told, answer),
        };
    }

    private static bool MayPass(Exception error) => error switch
    {
        RequestFailedException { Status: 0 } => true,
        AggregateException several => several.InnerExceptions.All(MayPass),
        AuthenticationFailedException => false,
        OperationCanceledException or TimeoutException => true,
        IOException or HttpRequestException or SocketException => true,
        _ => false,
    };
}
