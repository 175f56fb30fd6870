using Xunit;

namespace SnapshotFunctions.LocalTests.Serving;

/// <summary>Waits for what another task or process does.</summary>
internal static class Waiting
{
    public static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    public static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var tries = 0; tries < 6000; tries++)
        {
            if (await isSo()) return;
            await Task.Delay(20);
        }
        Assert.Fail("It did not come to pass within two minutes.");
    }
}
