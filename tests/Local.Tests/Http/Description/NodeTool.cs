using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;

namespace SnapshotFunctions.LocalTests.Http.Description;

/// <summary>Runs scripts of this project on Node.js, with the packages of its lock file.</summary>
internal static class NodeTool
{
    private const string Advice = "This test needs Node.js 20 or newer with npm, and a registry to "
        + "install the validator from";

    /// <summary>The project's folder, as the build wrote it down; its output may lie elsewhere.</summary>
    public static string ProjectFolder { get; } = typeof(NodeTool).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key is "ProjectFolder").Value!;

    /// <summary>Runs a script with a text as its input; answers its exit code and output.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string script, byte[] input)
    {
        // npm writes this file last.
        var installed = Path.Combine(ProjectFolder, "node_modules", ".package-lock.json");
        if (!File.Exists(installed))
        {
            var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
            string[] install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
            var (code, output) = await StartAsync(npm, install, []);
            if (code != 0) throw new InvalidOperationException($"{Advice}: {output}");
        }
        return await StartAsync("node", [Path.Combine(ProjectFolder, script)], input);
    }

    private static async Task<(int Code, string Output)> StartAsync(
        string command, string[] arguments, byte[] input)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments)
            {
                WorkingDirectory = ProjectFolder,
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.StandardInput.BaseStream.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            return (process.ExitCode, await output + await errors);
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException($"{Advice}; {command} was not found.", error);
        }
    }
}
