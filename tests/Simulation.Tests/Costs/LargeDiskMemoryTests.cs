using System.Diagnostics;
using System.Globalization;
using Xunit;
using Xunit.Abstractions;

namespace SnapshotFunctions.SimulationTests.Costs;

/// <summary>
/// A disk of 64 TiB goes through ingest, views and moves of the base in a process whose heap ends
/// at 384 MiB. SNAPSHOT_LARGE runs it with other arguments, such as "81920 2 8192" for 10 GiB.
/// </summary>
public sealed class LargeDiskMemoryTests(ITestOutputHelper output)
{
    private const int MostPeakMiB = 512;

    [Fact]
    public async Task A_disk_of_64_TiB_stays_within_512_MB_of_memory()
    {
        var size = Environment.GetEnvironmentVariable("SNAPSHOT_LARGE") ?? "256 32 64";
        var folder = Directory.CreateTempSubdirectory("snapshots-");
        try
        {
            var program = Path.Combine(AppContext.BaseDirectory, "SnapshotFunctions.Memory.dll");
            var start = new ProcessStartInfo("dotnet")
            {
                UseShellExecute = false, RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            string[] arguments =
            [
                "exec", program, .. size.Split(' '),
                MostPeakMiB.ToString(CultureInfo.InvariantCulture), folder.FullName,
            ];
            foreach (var argument in arguments) start.ArgumentList.Add(argument);
            start.Environment["DOTNET_GCHeapHardLimit"] = "0x18000000";
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var told = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            output.WriteLine(told);
            Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}: {await errors}");
            Assert.Contains("peak", told, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
