using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace SnapshotFunctions.LocalTests.Oracle;

/// <summary>Runs a program that this product is compared with.</summary>
internal static class OutsideTool
{
    private static readonly Dictionary<string, string> Packages = new(StringComparer.Ordinal)
    {
        ["qemu-img"] = "qemu-utils",
        ["qemu-io"] = "qemu-utils",
        ["nbdcopy"] = "libnbd-bin",
        ["nbdinfo"] = "libnbd-bin",
        ["nbdsh"] = "python3-libnbd",
        ["mkntfs"] = "ntfs-3g",
        ["ntfscp"] = "ntfs-3g",
        ["mkfs.ext4"] = "e2fsprogs",
        ["debugfs"] = "e2fsprogs",
        ["vhdiinfo"] = "libvhdi-utils",
        ["vmdkinfo"] = "libvmdk-utils",
        ["/usr/bin/python3"] = "python3-libvhdi python3-libvmdk",
    };

    /// <summary>Runs it to its end and returns what it said; a failure fails the test.</summary>
    public static async Task<string> RunAsync(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(
            process.ExitCode == 0,
            $"{tool} {string.Join(' ', arguments)} ended with {process.ExitCode}: "
            + $"{await errors}{await output}");
        return await output + await errors;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            var package = Packages.GetValueOrDefault(start.FileName, start.FileName);
            throw new InvalidOperationException(
                $"{start.FileName} not found: apt-get install {package}", e);
        }
    }
}
