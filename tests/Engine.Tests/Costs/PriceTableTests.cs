using System.Text;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.EngineTests.Costs;

public sealed class PriceTableTests
{
    private static PriceTable Prices => PriceTables.BuiltIn;

    /// <summary>The 2024-07 list: GB-month, 10k writes, 10k reads, GB read, days at least.</summary>
    [Theory]
    [InlineData(StorageTier.Default, "0.195", "0.0228", "0.0018", "0", 0, 0)]
    [InlineData(StorageTier.Hot, "0.0208", "0.055", "0.0044", "0", 0, 0)]
    [InlineData(StorageTier.Cool, "0.0115", "0.10", "0.01", "0.01", 30, 131072)]
    [InlineData(StorageTier.Cold, "0.0045", "0.18", "0.10", "0.03", 90, 131072)]
    [InlineData(StorageTier.Archive, "0.002", "0.11", "5.50", "0.022", 180, 131072)]
    public void The_built_in_prices_are_those_of_the_list(
        StorageTier tier, string month, string write, string read, string retrieval, int days,
        int bytes)
    {
        var of = Prices.Of(tier);
        Assert.Equal(
            (Number(month), Number(write), Number(read), Number(retrieval), days, bytes),
            (of.GbMonth, of.Write10k, of.Read10k, of.RetrievalGb, of.MinimumDays,
                of.MinimumBytes));
    }

    [Fact]
    public void The_built_in_table_says_what_it_is_and_what_archive_takes()
    {
        Assert.Equal(new DateOnly(2024, 7, 1), Prices.Date);
        Assert.Equal("USD", Prices.Currency);
        Assert.Equal(0.05m, Prices.DiskSnapshotGbMonth);
        Assert.Equal((15, 0m), (Prices.Standard.MostHours, Prices.Standard.MostGbHour));
        Assert.Equal((50m, 0.10m), (Prices.High.Read10k, Prices.High.Gb));
        // 10 GiB an hour, in GB of 10^9 bytes.
        Assert.Equal(10m * 1024 * 1024 * 1024 / 1_000_000_000, Prices.High.MostGbHour, 6);
    }

    [Theory]
    [InlineData(UsageKind.Read, StorageTier.Cool, 20_000, 3_000_000_000, "0.05")]
    [InlineData(UsageKind.Read, StorageTier.Hot, 10_000, 9_000_000_000, "0.0044")]
    [InlineData(UsageKind.Write, StorageTier.Cold, 5_000, 9_000_000_000, "0.09")]
    [InlineData(UsageKind.List, StorageTier.Hot, 10_000, 0, "0.055")]
    [InlineData(UsageKind.Other, StorageTier.Hot, 10_000, 0, "0.0044")]
    [InlineData(UsageKind.Delete, StorageTier.Cool, 10_000, 0, "0")]
    [InlineData(UsageKind.EarlyDeletion, StorageTier.Archive, 1, 180_000_000_000, "0.012")]
    [InlineData(UsageKind.RehydrateStandard, StorageTier.Archive, 10_000, 1_000_000_000, "5.522")]
    [InlineData(UsageKind.RehydrateHigh, StorageTier.Archive, 100, 10_000_000_000, "1.5")]
    [InlineData(UsageKind.Stored, StorageTier.Hot, 1, 1_000_000_000, "0")]
    public void Usage_is_priced_as_the_list_says(
        UsageKind kind, StorageTier tier, long count, long bytes, string expected) =>
        Assert.Equal(Number(expected), Prices.Once(new UsageLine(kind, tier, count, bytes)));

    [Fact]
    public void What_is_stored_changes_the_month_and_small_objects_are_billed_longer()
    {
        var usage = Usage.Of(UsageKind.Stored, StorageTier.Hot, 1, 2_000_000_000)
            .Plus(Usage.Of(UsageKind.Stored, StorageTier.Cool, -1, -1_000_000_000));
        Assert.Equal((2 * 0.0208m) - 0.0115m, Prices.MonthChange(usage));
        Assert.Equal(131072, Prices.BilledBytes(StorageTier.Cold, 1));
        Assert.Equal(200_000, Prices.BilledBytes(StorageTier.Cold, 200_000));
        Assert.Equal(1, Prices.BilledBytes(StorageTier.Hot, 1));
    }

    [Fact]
    public void A_sum_has_one_line_a_kind_and_tier_and_none_that_is_empty()
    {
        var sum = Usage.Sum(
        [
            Usage.Of(UsageKind.Write, StorageTier.Cool, 2, 10),
            Usage.Of(UsageKind.Read, StorageTier.Hot, 1, 5),
            Usage.Of(UsageKind.Write, StorageTier.Cool, 3, 1),
            Usage.Of(UsageKind.Stored, StorageTier.Hot, 1, 4),
            Usage.Of(UsageKind.Stored, StorageTier.Hot, -1, -4),
        ]);
        Assert.Equal(
            [
                new UsageLine(UsageKind.Read, StorageTier.Hot, 1, 5),
                new UsageLine(UsageKind.Write, StorageTier.Cool, 5, 11),
            ],
            sum.Lines);
        Assert.Same(Usage.None, Usage.Of(UsageKind.Read, StorageTier.Hot, 0, 0));
        Assert.Equal(5, sum.CountOf(UsageKind.Write));
        Assert.Equal(11, sum.BytesOf(UsageKind.Write));
    }

    [Fact]
    public void A_table_that_is_written_is_read_again_and_wrong_ones_are_refused()
    {
        var text = Encoding.UTF8.GetString(PriceTables.Write(Prices));
        var again = PriceTables.Read(Encoding.UTF8.GetBytes(text), "here");
        Assert.Equal(Prices.Of(StorageTier.Cold), again.Of(StorageTier.Cold));
        Assert.Equal(Prices.High, again.High);
        foreach (var wrong in new[]
        {
            "", "null", "{}", "[]", text.Replace("\"cool\"", "\"tepid\"", StringComparison.Ordinal),
            text.Replace("0.0115", "-0.0115", StringComparison.Ordinal),
            text.Replace("\"region\"", "\"place\"", StringComparison.Ordinal),
        })
        {
            var refused = Assert.Throws<RefusedException>(
                () => PriceTables.Read(Encoding.UTF8.GetBytes(wrong), "my.json"));
            Assert.Equal("prices", refused.Reason);
            Assert.Contains("my.json", refused.Message, StringComparison.Ordinal);
        }
    }

    private static decimal Number(string text) =>
        decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
