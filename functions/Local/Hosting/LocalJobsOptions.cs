namespace SnapshotFunctions.Local.Hosting;

/// <summary>How a serving process drives its jobs.</summary>
internal sealed record LocalJobsOptions
{
    /// <summary>How many machines are changed side by side.</summary>
    public int MostMachines { get; init; } = 8;

    /// <summary>How many jobs read side by side.</summary>
    public int MostReads { get; init; } = 4;

    /// <summary>How many jobs side by side do little but wait, such as for archived data.</summary>
    public int MostWaits { get; init; } = 256;

    /// <summary>
    /// How long one try waits for another process that works on the machine. Between two tries
    /// other machines have their chance.
    /// </summary>
    public TimeSpan WaitForOthers { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after a first try that failed; it doubles.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest pause.</summary>
    public TimeSpan MostPause { get; init; } = TimeSpan.FromMinutes(5);
}
