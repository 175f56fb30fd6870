using Azure.Data.Tables;
using Azure.Identity;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.AzureStore.Catalog;

/// <summary>
/// The three tables, opened: <c>machines</c>, <c>versions</c> and <c>jobs</c>. Losing them loses
/// nothing; the manifests are what counts.
/// </summary>
public sealed class CatalogTables
{
    private CatalogTables(
        TableClient machines, TableClient versions, TableClient jobs, string place) =>
        (Machines, Versions, Jobs, Errors) = (machines, versions, jobs, new TableErrors(place));

    /// <summary>One row a machine.</summary>
    internal TableClient Machines { get; }

    /// <summary>One row a version.</summary>
    internal TableClient Versions { get; }

    /// <summary>One row a job.</summary>
    internal TableClient Jobs { get; }

    /// <summary>Turns errors of the service into the port's.</summary>
    internal TableErrors Errors { get; }

    /// <summary>
    /// Opens the tables, and makes those that are not there. The setting is the account's table
    /// URL, <c>https://account.table.core.windows.net</c>, or a connection string; the setting of
    /// the placements will do as well: then it is the first account's tables.
    /// </summary>
    /// <param name="setting">Where they lie.</param>
    /// <param name="options">The credential, retries and the tables' names, or null.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="RefusedException">The setting is malformed.</exception>
    /// <exception cref="StoreException">The account did not answer, or refused.</exception>
    public static async Task<CatalogTables> OpenAsync(
        string setting, CatalogOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new CatalogOptions();
        var service = Connect(setting.Split(',', 2, StringSplitOptions.TrimEntries)[0], options);
        var place = $"the tables of {service.AccountName}";
        var tables = new CatalogTables(
            service.GetTableClient($"{options.Prefix}machines"),
            service.GetTableClient($"{options.Prefix}versions"),
            service.GetTableClient($"{options.Prefix}jobs"), place);
        foreach (var table in new[] { tables.Machines, tables.Versions, tables.Jobs })
        {
            await tables.Errors.RunAsync(
                table.Name, () => table.CreateIfNotExistsAsync(cancellation), cancellation);
        }
        return tables;
    }

    private static TableServiceClient Connect(string setting, CatalogOptions options)
    {
        var client = new TableClientOptions();
        client.Diagnostics.ApplicationId = "SnapshotFunctions";
        client.Retry.MaxRetries = options.MaxRetries;
        client.Retry.Delay = options.RetryDelay;
        client.Retry.MaxDelay = options.MostRetryDelay;
        if (options.Transport is not null) client.Transport = options.Transport;
        if (Uri.TryCreate(setting, UriKind.Absolute, out var url)
            && string.Equals(url.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal))
        {
            return new TableServiceClient(
                TableUrl(url), options.Credential ?? new DefaultAzureCredential(), client);
        }
        try
        {
            return new TableServiceClient(setting, client);
        }
        catch (Exception error)
            when (error is FormatException or ArgumentException or InvalidOperationException)
        {
            // The SDK's own words are left out: they may repeat a part of the string.
            throw AzureAccount.Malformed(
                "the tables need https://<account>.table.core.windows.net or a whole connection "
                + "string");
        }
    }

    private static Uri TableUrl(Uri url)
    {
        if (url.Query.Length > 0 || url.UserInfo.Length > 0 || url.AbsolutePath.Length > 1)
            throw AzureAccount.Malformed($"the URL of '{url.Host}' must name the account alone");
        var parts = url.Host.Split('.');
        if (parts.Length < 2 || parts[1] is not ("blob" or "table"))
            throw AzureAccount.Malformed($"'{url.Host}' is no account's table or blob endpoint");
        parts[1] = "table";
        return new UriBuilder(url) { Host = string.Join('.', parts) }.Uri;
    }
}
