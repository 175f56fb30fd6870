using SnapshotFunctions.Local.Serving;
using Xunit;

namespace SnapshotFunctions.LocalTests.Serving;

public sealed class UpkeepSettingTests
{
    [Theory]
    [InlineData("02:00", "02:00", 24)]
    [InlineData("23:59/12h", "23:59", 12)]
    [InlineData("00:00/1h", "00:00", 1)]
    [InlineData("06:30/1d", "06:30", 24)]
    public void A_time_of_day_and_a_part_of_a_day_are_read(string text, string at, int hours)
    {
        Assert.True(UpkeepSetting.TryParse(text, out var setting));
        Assert.Equal(
            new UpkeepSetting(
                TimeOnly.Parse(at, System.Globalization.CultureInfo.InvariantCulture).ToTimeSpan(),
                TimeSpan.FromHours(hours)),
            setting);
    }

    [Fact]
    public void Off_stands_for_never()
    {
        Assert.True(UpkeepSetting.TryParse("off", out var setting));
        Assert.Null(setting);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("24:00")]
    [InlineData("2:00")]
    [InlineData("02:00/")]
    [InlineData("02:00/5h")]
    [InlineData("02:00/30m")]
    [InlineData("02:00/2d")]
    [InlineData("02:00/12h/1h")]
    public void Anything_else_is_refused(string? text) =>
        Assert.False(UpkeepSetting.TryParse(text, out _));

    [Theory]
    [InlineData("02:00", "2026-03-05T02:00:00", "2026-03-05T02:00:00")]
    [InlineData("02:00", "2026-03-05T01:59:59", "2026-03-04T02:00:00")]
    [InlineData("23:00/12h", "2026-03-05T12:00:00", "2026-03-05T11:00:00")]
    [InlineData("23:00/12h", "2026-03-05T10:59:00", "2026-03-04T23:00:00")]
    [InlineData("00:00/1h", "2026-12-31T23:59:59", "2026-12-31T23:00:00")]
    public void The_latest_time_that_has_come_is_told(string text, string now, string slot)
    {
        Assert.True(UpkeepSetting.TryParse(text, out var setting));
        Assert.Equal(Utc(slot), setting!.SlotAt(Utc(now)));
    }

    private static DateTimeOffset Utc(string text) => new(
        DateTime.Parse(text, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero);
}
