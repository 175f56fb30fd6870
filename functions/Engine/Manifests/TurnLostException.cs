using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <summary>The turn was released, or somebody else took it; its work must not go on.</summary>
public sealed class TurnLostException(string machine, long epoch, long newest)
    : SnapshotException(
        "turn-lost",
        $"The turn of '{machine}' under epoch {epoch} is over; the newest epoch is {newest}.")
{
    /// <summary>The machine.</summary>
    public string Machine { get; } = machine;

    /// <summary>The epoch of the work that must stop.</summary>
    public long Epoch { get; } = epoch;

    /// <summary>The newest epoch of the machine.</summary>
    public long Newest { get; } = newest;
}
