using System.Diagnostics;
using System.Text.Json;
using SnapshotFunctions.TestShared.Sources;

namespace SnapshotFunctions.TestShared.Retention;

/// <summary>Asks the other implementation, which is in another language and shares nothing.</summary>
public static class RetentionOracle
{
    /// <summary>The numbers that each case keeps.</summary>
    public static async Task<int[][]> AskAsync(IReadOnlyList<object> cases)
    {
        var start = new ProcessStartInfo("node")
        {
            ArgumentList = { Path.Combine(Repository.Root, "tests", "data", "retention_oracle.mjs") },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var node = Process.Start(start)
            ?? throw new InvalidOperationException("node was not started.");
        var answer = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(cases));
        node.StandardInput.Close();
        await node.WaitForExitAsync();
        return node.ExitCode == 0
            ? JsonSerializer.Deserialize<int[][]>(await answer)!
            : throw new InvalidOperationException(await errors);
    }
}
