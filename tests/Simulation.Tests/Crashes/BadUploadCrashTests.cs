using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Crashes;

public sealed class BadUploadCrashTests(ITestOutputHelper output) : CrashEverywhereTests(output)
{
    [Fact]
    public Task An_upload_that_is_refused_at_first_sight_survives_a_crash_anywhere() =>
        EverywhereAsync("refused upload", Scenes.RefusedAsync);

    [Fact]
    public Task An_upload_that_turns_out_bad_late_survives_a_crash_anywhere() =>
        EverywhereAsync("upload that turns out bad", () => Scenes.BrokenAsync(2));

    [Fact]
    public Task A_first_upload_that_turns_out_bad_late_survives_a_crash_anywhere() =>
        EverywhereAsync("first upload that turns out bad", () => Scenes.BrokenAsync(0));
}
