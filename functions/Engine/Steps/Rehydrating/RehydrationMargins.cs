namespace SnapshotFunctions.Engine.Steps.Rehydrating;

/// <summary>Every limit and margin of rehydrations, in one place.</summary>
public sealed record RehydrationMargins
{
    /// <summary>What the service's documents say.</summary>
    public static RehydrationMargins Default { get; } = new();

    /// <summary>Bytes that an account brings back at high priority in an hour; more would wait.</summary>
    public long MostHighBytes { get; init; } = 10L << 30;

    /// <summary>The hour of <see cref="MostHighBytes"/>.</summary>
    public TimeSpan HighTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Objects that one step names: 250 bytes each at most, of 16 KB.</summary>
    public int ObjectsAStep { get; init; } = 48;

    /// <summary>Shards that one step looks at.</summary>
    public int ShardsAStep { get; init; } = 64;

    /// <summary>
    /// How often it is looked again for what is still archived: the base moves, data is packed and
    /// expires while a rehydration waits.
    /// </summary>
    public int MostRounds { get; init; } = 10;

    /// <summary>The first wait between two looks; it doubles. Events shorten it.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest wait between two looks: how late a lost event is made up for.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long copies stay that were asked for by themselves, from when all are there.</summary>
    public TimeSpan KeepTime { get; init; } = TimeSpan.FromDays(3);

    /// <summary>
    /// How long copies outlive the last sign of their job. A job that works only renews this while
    /// it waits, so it is also the longest that a restore may write.
    /// </summary>
    public TimeSpan LostJobTime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The longest wait at standard priority, in hours.</summary>
    public int StandardHours { get; init; } = 15;

    /// <summary>The usual longest wait of one hour's bytes at high priority, in hours.</summary>
    public int HighHours { get; init; } = 1;

    /// <summary>The usual wait for some bytes at high priority, in hours.</summary>
    public long HighHoursOf(long bytes) =>
        HighHours + (Math.Max(0, bytes - 1) / MostHighBytes);
}
