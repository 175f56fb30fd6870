using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Planning.Tiering;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Steps.Rehydrating;

namespace SnapshotFunctions.Engine.Steps;

/// <summary>How the engine cuts its work and where it puts what it writes.</summary>
public sealed record EngineOptions
{
    private readonly int? _changeWindowBlocks;

    /// <summary>The layout of machines that are made from now on.</summary>
    public Layout Layout { get; init; } = Layout.Default;

    /// <summary>Blocks that one window of a step works on; at most 64.</summary>
    public int WindowBlocks { get; init; } = 64;

    /// <summary>
    /// Blocks of a window whose content is hashed, compared and compressed, as ingestion and
    /// patches do; at most 64, and as many as <see cref="WindowBlocks"/> unless told. Each window is a
    /// request for what the store has of it, so that a far store wants long ones; beside a store
    /// on the same machine short ones stay in the processor's caches.
    /// </summary>
    public int ChangeWindowBlocks
    {
        get => _changeWindowBlocks ?? WindowBlocks;
        init => _changeWindowBlocks = value;
    }

    /// <summary>
    /// Windows of one step that are worked on side by side where no store is waited for: those
    /// that the processors work on, and as many again that wait behind a slow one to be taken in
    /// order.
    /// </summary>
    public int WindowsAtOnce { get; init; } = Math.Clamp((2 * Environment.ProcessorCount) + 2, 4, 8);

    /// <summary>
    /// Requests for data under way at once, over all steps of a process, and parts of new deltas
    /// that one step has under way: what keeps a store behind a network busy. Each holds the
    /// buffers of a window, up to 16 MiB, or a part of 4 MiB.
    /// </summary>
    public int RequestsAtOnce { get; init; } = Math.Clamp(2 * Environment.ProcessorCount, 8, 16);

    /// <summary>A patch reads base and deltas of a window side by side.</summary>
    internal int PatchWindowsAtOnce => Math.Max(1, RequestsAtOnce / 2);

    /// <summary>Steps in one sub-flow at most.</summary>
    public int ChunkSteps { get; init; } = 64;

    /// <summary>Sub-flows that run side by side at most.</summary>
    public int ChunksAtOnce { get; init; } = 2;

    /// <summary>How often a long step lets the claim run on; a third of the claim's time.</summary>
    public TimeSpan RenewEvery { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Most bytes of deltas that one patch of a shard takes in.</summary>
    public long MostPatchBytes { get; init; } = 4L << 30;

    /// <summary>Most versions that one operation moves a base over.</summary>
    public int MostPatchVersions { get; init; } = 16;

    /// <summary>Most versions that one operation lets expire.</summary>
    public int MostExpireVersions { get; init; } = 256;

    /// <summary>Names this process in claims, so that a dead one's turn may be taken.</summary>
    public string ProcessOwner { get; init; } = string.Empty;

    /// <summary>Told how far steps have come, at every window; null: nobody asks.</summary>
    public IProgress<StepProgress>? Meter { get; init; }

    /// <summary>The limits and margins of rehydrations.</summary>
    public RehydrationMargins Rehydration { get; init; } = RehydrationMargins.Default;

    /// <summary>The tier of bases.</summary>
    public StorageTier BaseTier { get; init; } = StorageTier.Hot;

    /// <summary>The tier of the data of forward incrementals: read again soon.</summary>
    public StorageTier ForwardTier { get; init; } = StorageTier.Hot;

    /// <summary>
    /// The tier of the data of reverse incrementals, where the machine's policy says none.
    /// </summary>
    public StorageTier ReverseTier { get; init; } = StorageTier.Cool;

    /// <summary>What the provider's storage costs.</summary>
    public PriceTable Prices { get; init; } = PriceTables.BuiltIn;

    /// <summary>The margins of tiering.</summary>
    public TieringMargins Tiering { get; init; } = TieringMargins.Default;
}
