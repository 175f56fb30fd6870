using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Planning.Retention;
using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Engine.Planning.Simulation;

/// <summary>What a policy is tried on.</summary>
public sealed record SimulationInput
{
    /// <summary>The longest time that is simulated.</summary>
    public const int MostDays = 3660;

    /// <summary>The most snapshots that are simulated.</summary>
    public const int MostSnapshots = 400_000;

    /// <summary>The policy.</summary>
    public required MachinePolicy Policy { get; init; }

    /// <summary>The versions as they stand, ascending.</summary>
    public required IReadOnlyList<RetainedVersion> Versions { get; init; }

    /// <summary>Who needs which version.</summary>
    public IReadOnlyList<PinRecord> Pins { get; init; } = [];

    /// <summary>Whether a legal hold lies on the machine.</summary>
    public bool IsHeld { get; init; }

    /// <summary>When it begins.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>From one snapshot to the next.</summary>
    public required TimeSpan Every { get; init; }

    /// <summary>How many days are simulated.</summary>
    public required int Days { get; init; }

    /// <summary>Bytes of all bases, as they are stored.</summary>
    public required long BaseBytes { get; init; }

    /// <summary>Bytes of the usual version's deltas, as they are stored.</summary>
    public required long DeltaBytes { get; init; }

    /// <summary>The prices.</summary>
    public required PriceTable Prices { get; init; }
}
