using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Costs;

/// <summary>
/// Counts what some work uses of the stores, from any number of threads. Whoever wants to know
/// what work uses begins a meter around it; what it awaits and what it starts count into it.
/// </summary>
public sealed class UsageMeter
{
    private const int Tiers = (int)StorageTier.Archive + 1;
    private const int Kinds = (int)UsageKind.Stored + 1;

    private static readonly AsyncLocal<UsageMeter?> Ambient = new();

    private readonly long[] _counts = new long[Kinds * Tiers];
    private readonly long[] _bytes = new long[Kinds * Tiers];

    /// <summary>The meter of the work that runs here; null: nobody asks.</summary>
    public static UsageMeter? Current => Ambient.Value;

    /// <summary>Runs work with a meter of its own and tells what it used, also when it failed.</summary>
    public static async Task<T> RunAsync<T>(UsageMeter meter, Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(work);
        // An async method's own change of an AsyncLocal ends with it: nothing is to be put back.
        Ambient.Value = meter;
        return await work();
    }

    /// <summary>Counts.</summary>
    public void Add(UsageKind kind, StorageTier tier, long count, long bytes)
    {
        var at = ((int)kind * Tiers) + (int)tier;
        if (count != 0) Interlocked.Add(ref _counts[at], count);
        if (bytes != 0) Interlocked.Add(ref _bytes[at], bytes);
    }

    /// <summary>What was counted until now.</summary>
    public Usage Read()
    {
        var lines = new List<UsageLine>();
        for (var at = 0; at < _counts.Length; at++)
        {
            var (count, bytes) =
                (Interlocked.Read(ref _counts[at]), Interlocked.Read(ref _bytes[at]));
            if (count != 0 || bytes != 0)
                lines.Add(new UsageLine(
                    (UsageKind)(at / Tiers), (StorageTier)(at % Tiers), count, bytes));
        }
        return lines.Count == 0 ? Usage.None : new Usage(lines);
    }
}
