using System.Diagnostics;
using System.Reflection;

namespace SnapshotFunctions.AzuriteTests;

/// <summary>
/// Where Azurite's script lies: in node_modules beside this project, put there by npm from the
/// lock file when it is missing.
/// </summary>
internal static class AzuritePackage
{
    private const string Script = "node_modules/azurite/dist/src/azurite.js";

    /// <summary>The script's path; installs it first if need be.</summary>
    public static async Task<string> FindAsync()
    {
        var folder = ProjectFolder();
        var script = Path.Combine(folder, Script);
        if (!File.Exists(script))
            await InstallAsync(folder);
        return File.Exists(script)
            ? script
            : throw new InvalidOperationException(
                $"npm ci succeeded in {folder}, and yet there is no {Script}.");
    }

    private static async Task InstallAsync(string folder)
    {
        const string Advice = "These tests need Node.js 20 or newer with npm, and a registry to "
            + "install Azurite from";
        var start = new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm")
        {
            // Scripts of packages are not run: Azurite's blob service needs none of them.
            ArgumentList = { "ci", "--ignore-scripts", "--no-audit", "--no-fund" },
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var npm = Process.Start(start)!;
            var output = npm.StandardOutput.ReadToEndAsync();
            var errors = await npm.StandardError.ReadToEndAsync();
            await npm.WaitForExitAsync();
            if (npm.ExitCode != 0)
            {
                throw new InvalidOperationException(
                    $"{Advice}; 'npm ci' in {folder} ended with {npm.ExitCode}:\n"
                    + $"{errors}\n{await output}");
            }
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new InvalidOperationException($"{Advice}; npm was not found.", error);
        }
    }

    /// <summary>As the build wrote it down; its output may lie elsewhere.</summary>
    private static string ProjectFolder() =>
        typeof(AzuritePackage).Assembly
            .GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key is "ProjectFolder").Value!;
}
