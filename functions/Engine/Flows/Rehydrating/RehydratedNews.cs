namespace SnapshotFunctions.Engine.Flows.Rehydrating;

/// <summary>The event that tells a job of an object that may be readable now.</summary>
/// <param name="Name">
/// The object: the copy, or one whose own tier has changed. What the job does not wait for is
/// passed over, and what it waits for is looked at: it believes no event.
/// </param>
public sealed record RehydratedNews(string Name)
{
    /// <summary>The event's name.</summary>
    public const string EventName = "Rehydrated";
}
