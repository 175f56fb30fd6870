using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps;

/// <summary>How the engine cuts its work and where it puts what it writes.</summary>
public sealed record EngineOptions
{
    /// <summary>The layout of machines that are made from now on.</summary>
    public Layout Layout { get; init; } = Layout.Default;

    /// <summary>Blocks that one window of a step works on; at most 64.</summary>
    public int WindowBlocks { get; init; } = 64;

    /// <summary>Windows of one step that are worked on side by side.</summary>
    public int WindowsAtOnce { get; init; } = Math.Clamp(Environment.ProcessorCount + 1, 2, 6);

    /// <summary>Steps in one sub-flow at most.</summary>
    public int ChunkSteps { get; init; } = 64;

    /// <summary>Sub-flows that run side by side at most.</summary>
    public int ChunksAtOnce { get; init; } = 2;

    /// <summary>The tier of bases.</summary>
    public StorageTier BaseTier { get; init; } = StorageTier.Hot;

    /// <summary>The tier of the data of forward incrementals: read again soon.</summary>
    public StorageTier ForwardTier { get; init; } = StorageTier.Hot;

    /// <summary>The tier of the data of reverse incrementals.</summary>
    public StorageTier ReverseTier { get; init; } = StorageTier.Cool;
}
