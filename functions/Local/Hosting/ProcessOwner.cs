using System.Diagnostics;
using System.Globalization;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>
/// Names this process among all that may share a store: <c>host/pid/start</c>. A process number is
/// given again, so the start is part of the name: on Linux the kernel's own count of ticks with the
/// boot's id, as the wall clock's reading of it differs from process to process.
/// </summary>
internal static class ProcessOwner
{
    private const int StartField = 22;

    /// <summary>The name of this process.</summary>
    public static string Text { get; } =
        $"{Host}/{Environment.ProcessId}/{StartOf(Environment.ProcessId) ?? "unknown"}";

    private static string Host => Environment.MachineName.Replace('/', '-');

    /// <summary>The name of an owner for one piece of this process's work.</summary>
    public static string For(string job) => $"{job}|{Text}";

    /// <summary>
    /// Whether the process in an owner's text (<c>job|host/pid/start</c>, or the process alone) is
    /// known to have ended: it was one of this host and is no more. Of other hosts nothing is known.
    /// </summary>
    public static bool IsGone(string owner)
    {
        var parts = owner[(owner.LastIndexOf('|') + 1)..].Split('/');
        if (parts.Length != 3 || !string.Equals(parts[0], Host, StringComparison.Ordinal)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            return false;
        var start = StartOf(pid);
        // A process that cannot be looked into is there: only its start is not known.
        return start is null || (start.Length > 0
            && !string.Equals(start, parts[2], StringComparison.Ordinal));
    }

    /// <summary>When a process began; null when there is none, empty when that is not told.</summary>
    private static string? StartOf(int pid) =>
        OperatingSystem.IsLinux() ? LinuxStartOf(pid) : OtherStartOf(pid);

    private static string? LinuxStartOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            // The second field is the program's name in brackets, and may hold anything.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var state = fields[0];
            return state is "Z" or "X" ? null : $"{BootId()}-{fields[StartField - 3]}";
        }
        catch (Exception error) when (
            error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // ESRCH: it ended while it was read.
            return error is IOException && !Directory.Exists($"/proc/{pid}") ? null : string.Empty;
        }
    }

    private static string BootId()
    {
        var id = File.ReadAllText("/proc/sys/kernel/random/boot_id");
        return id[..id.IndexOf('-', StringComparison.Ordinal)];
    }

    private static string? OtherStartOf(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (ArgumentException)
        {
            return null;
        }
        catch (Exception error) when (
            error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return string.Empty;
        }
    }
}
