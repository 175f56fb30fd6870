using Microsoft.Extensions.Configuration;
using SnapshotFunctions.App.Hosting;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.AppTests.Hosting;

/// <summary>A missing or wrong setting stops the start with a message that names it.</summary>
public sealed class SettingsTests
{
    private static readonly Dictionary<string, string?> OnAzure = new(StringComparer.Ordinal)
    {
        ["AzureWebJobsStorage:accountName"] = "host",
        ["Incoming:blobServiceUri"] = "https://data.blob.core.windows.net",
        ["Incoming:queueServiceUri"] = "https://data.queue.core.windows.net",
        ["ServiceBus:fullyQualifiedNamespace"] = "bus.servicebus.windows.net",
        ["SNAPSHOTS_BASE_URI"] = "https://base.blob.core.windows.net/",
        ["SNAPSHOTS_DELTA_URI"] = "https://data.blob.core.windows.net/",
        ["SNAPSHOTS_INCOMING_URI"] = "https://data.blob.core.windows.net/",
        ["SNAPSHOTS_TABLES_URI"] = "https://data.table.core.windows.net/",
        ["AZURE_CLIENT_ID"] = "11111111-2222-3333-4444-555555555555",
    };

    private static readonly Dictionary<string, string?> OnAzurite = new(StringComparer.Ordinal)
    {
        ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
        ["Incoming"] = "UseDevelopmentStorage=true",
        ["SNAPSHOTS_BASE_URI"] = "UseDevelopmentStorage=true",
    };

    [Fact]
    public void The_settings_of_the_template_are_taken()
    {
        var settings = Read(OnAzure);
        Assert.Equal("https://base.blob.core.windows.net/", settings.BaseAccount);
        Assert.Equal("bus.servicebus.windows.net", settings.ServiceBusNamespace);
        Assert.True(settings.HasServiceBus);
        Assert.False(settings.PremiumBase);
        Assert.Null(settings.TelemetryConnection);
    }

    [Fact]
    public void On_a_developers_machine_one_connection_stands_for_all_and_there_is_no_Service_Bus()
    {
        var settings = Read(OnAzurite);
        Assert.Equal("UseDevelopmentStorage=true", settings.IncomingAccount);
        Assert.False(settings.HasServiceBus);
        Assert.Null(settings.TablesAccount);
    }

    [Theory]
    [InlineData("AzureWebJobsStorage:accountName", "AzureWebJobsStorage__accountName")]
    [InlineData("Incoming:blobServiceUri", "Incoming__blobServiceUri")]
    [InlineData("SNAPSHOTS_BASE_URI", "SNAPSHOTS_BASE_URI")]
    public void A_missing_setting_is_named(string key, string told)
    {
        var without = new Dictionary<string, string?>(OnAzure, StringComparer.Ordinal);
        without.Remove(key);
        var error = Assert.Throws<RefusedException>(() => Read(without));
        Assert.Equal("refused-setting-missing", error.Code);
        Assert.Contains($"The setting {told} is missing", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SNAPSHOTS_BASE_URI", "ftp://secret")]
    [InlineData("SNAPSHOTS_DELTA_URI", "https://a.blob.core.windows.net/?sig=secret")]
    [InlineData("SNAPSHOTS_INCOMING_URI", "secret")]
    [InlineData("SNAPSHOTS_PREMIUM_BASE", "secret")]
    [InlineData("SNAPSHOTS_LIKE", "golden")]
    public void A_wrong_setting_is_named_and_its_value_is_not_told(string key, string value)
    {
        var wrong = new Dictionary<string, string?>(OnAzure, StringComparer.Ordinal) { [key] = value };
        var error = Assert.Throws<RefusedException>(() => Read(wrong));
        Assert.Equal("refused-setting-wrong", error.Code);
        Assert.Contains($"The setting {key} cannot be used", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_setting_stands_once_in_the_table_with_its_meaning()
    {
        Assert.Equal(
            AppSettings.All.Count, AppSettings.All.Select(s => s.Name).Distinct().Count());
        Assert.All(AppSettings.All, s => Assert.NotEmpty(s.Meaning));
        Assert.All(
            OnAzure.Keys, k => Assert.Contains(
                AppSettings.All, s => s.Name == k.Replace(":", "__", StringComparison.Ordinal)));
    }

    internal static AppSettings Read(Dictionary<string, string?> values) =>
        AppSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());

    internal static AppSettings WithServiceBus() => Read(OnAzure);

    internal static AppSettings WithoutServiceBus() => Read(OnAzurite);
}
