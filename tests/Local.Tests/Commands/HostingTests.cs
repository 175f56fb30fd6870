using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Commands;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;
using SnapshotFunctions.TestShared.Stores;
using Xunit;
using TemporaryFolder = SnapshotFunctions.LocalTests.Oracle.TemporaryFolder;

namespace SnapshotFunctions.LocalTests.Commands;

public sealed class HostingTests
{
    [Fact]
    public void This_process_is_not_gone() =>
        Assert.False(ProcessOwner.IsGone(ProcessOwner.For("a-job")));

    [Fact]
    public void A_process_that_has_ended_is_gone()
    {
        var parts = ProcessOwner.Text.Split('/');
        using var ended = Process.Start(new ProcessStartInfo("true"))!;
        ended.WaitForExit();

        Assert.True(ProcessOwner.IsGone($"job|{parts[0]}/{ended.Id}/{parts[2]}"));
    }

    [Fact]
    public void A_process_number_that_was_given_again_does_not_keep_the_first_owner_alive()
    {
        var parts = ProcessOwner.Text.Split('/');

        Assert.True(ProcessOwner.IsGone($"job|{parts[0]}/{parts[1]}/another-start"));
    }

    [Theory]
    [InlineData("job|another-host/1/2")]
    [InlineData("job")]
    [InlineData("")]
    [InlineData("job|a/b/c")]
    public void Of_an_owner_elsewhere_nothing_is_known(string owner) =>
        Assert.False(ProcessOwner.IsGone(owner));

    [Fact]
    public void A_folder_holds_both_placements()
    {
        var setting = StoreSetting.Parse("/some/folder");

        Assert.Equal("/some/folder", setting.Folder);
    }

    [Theory]
    [InlineData("{0}/both")]
    [InlineData("file:{0}/one,{0}/two")]
    public async Task Beside_folders_windows_of_changes_are_short(string text)
    {
        using var folder = new TemporaryFolder();
        var store = await StoreSetting
            .Parse(string.Format(CultureInfo.InvariantCulture, text, folder["stores"]))
            .OpenAsync(create: true, TimeProvider.System, default);
        using var engine = new LocalEngine(store, TimeProvider.System, NullLogger.Instance);
        var options = engine.Services.Options;

        Assert.Equal(1 << 20, options.ChangeWindowBlocks * options.Layout.BlockBytes);
        Assert.True(options.WindowBlocks > options.ChangeWindowBlocks);
    }

    [Fact]
    public void Before_a_store_elsewhere_windows_of_changes_are_as_long_as_any()
    {
        var store = new OpenStore(new SimulatedStore(), new SimulatedStore(), null);
        using var engine = new LocalEngine(store, TimeProvider.System, NullLogger.Instance);

        Assert.Equal(
            engine.Services.Options.WindowBlocks, engine.Services.Options.ChangeWindowBlocks);
    }

    [Theory]
    [InlineData("file:/one")]
    [InlineData("file:/one,/one")]
    [InlineData("file:/one,/two,/three")]
    [InlineData("s3://bucket")]
    [InlineData("http://account.blob.core.windows.net")]
    public void A_setting_that_is_no_store_is_refused(string text) =>
        Assert.Throws<RefusedException>(() => StoreSetting.Parse(text));

    [Theory]
    [InlineData("not-found", ExitCodes.NotFound)]
    [InlineData("image-truncated", ExitCodes.Refused)]
    [InlineData("refused-parent-differs", ExitCodes.Refused)]
    [InlineData("turn-taken", ExitCodes.Busy)]
    [InlineData("corrupt-object", ExitCodes.Damaged)]
    [InlineData("proof-failed", ExitCodes.Damaged)]
    [InlineData("store-busy", ExitCodes.Unreachable)]
    [InlineData("internal", ExitCodes.Unexpected)]
    public void An_error_that_came_through_a_journal_has_the_same_exit_code(string code, int exit) =>
        Assert.Equal(exit, ExitCodes.OfCode(code));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "0.98 KiB")]
    [InlineData(10_240, "10.0 KiB")]
    [InlineData(268_435_456, "256 MiB")]
    [InlineData(1_073_741_824, "1.00 GiB")]
    public void Sizes_show_three_digits(long bytes, string text) =>
        Assert.Equal(text, Amounts.Bytes(bytes));

    [Theory]
    [InlineData("newest")]
    [InlineData("after:3")]
    [InlineData("keep")]
    public void A_base_rule_is_written_as_it_is_read(string text) =>
        Assert.Equal(text, BaseRule.Text(BaseRule.Parse(text)!));

    [Theory]
    [InlineData("after:0")]
    [InlineData("after:-1")]
    [InlineData("after:")]
    [InlineData("oldest")]
    public void What_is_no_base_rule_is_not_read(string text) => Assert.Null(BaseRule.Parse(text));
}
