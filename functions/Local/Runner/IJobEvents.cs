namespace SnapshotFunctions.Local.Runner;

/// <summary>Is told what becomes of a runner's jobs, from many threads; must be quick.</summary>
public interface IJobEvents
{
    /// <summary>A job was written down for the first time.</summary>
    void Started(string flow);

    /// <summary>A job is driven for the first time.</summary>
    /// <param name="flow">Its flow.</param>
    /// <param name="waited">How long after it was written down.</param>
    void Begun(string flow, TimeSpan waited);

    /// <summary>A job has come to its end.</summary>
    void Ended(string flow, JobState state);
}
