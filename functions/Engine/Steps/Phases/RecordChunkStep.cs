using System.Text;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>
/// <c>RecordChunk</c>: keeps a chunk's outcomes in the base placement, so that a flow over
/// thousands of shards carries names and not results.
/// </summary>
public sealed class RecordChunkStep(StepServices services)
    : Step<RecordChunkInput, ChunkRecord>(PhaseNames.RecordChunk)
{
    private const int MostBytes = 1 << 20;

    /// <inheritdoc/>
    public override async Task<ChunkRecord> RunAsync(
        RecordChunkInput input, CancellationToken cancellation)
    {
        // A late run must not: the operation's chunks are retired when it closes.
        await services.LoadForAsync(input.Machine, input.Operation, cancellation);
        // A repeat writes the same bytes or those of an equal run: which of them stays is no matter.
        var name = ObjectNames.OperationChunk(
            input.Machine, input.Operation, input.Chunk.Chunk);
        await services.BaseStore.PutAsync(
            name, Encoding.ASCII.GetBytes(input.Chunk.Outcomes!), new WriteOptions(),
            cancellation);
        try
        {
            // The operation may have closed while this stalled, and even have been swept.
            await services.LoadForAsync(input.Machine, input.Operation, cancellation);
        }
        catch (SupersededException)
        {
            await services.BaseStore.DeleteAsync(name, ifMatch: null, cancellation);
            throw;
        }
        return input.Chunk with { Outcomes = null };
    }

    /// <summary>The outcomes of chunks, from the record itself or its object.</summary>
    internal static async Task<List<(string Disk, ShardOutcome Outcome)>> LoadAsync(
        StepServices services, string machine, long operation,
        IReadOnlyList<ChunkRecord> chunks, CancellationToken cancellation)
    {
        var outcomes = new List<(string, ShardOutcome)>();
        foreach (var chunk in chunks)
        {
            var text = chunk.Outcomes;
            if (text is null)
            {
                var name = ObjectNames.OperationChunk(machine, operation, chunk.Chunk);
                var (bytes, _) = await services.BaseStore.ReadWholeAsync(
                    name, MostBytes, cancellation);
                text = Encoding.ASCII.GetString(bytes);
            }
            outcomes.AddRange(OutcomeList.Unpack(text).Select(o => (chunk.Disk, o)));
        }
        return outcomes;
    }

    /// <summary>
    /// All that operations may keep, to be retired when one that did not finish leaves the
    /// manifest: which of its chunks got so far, no flow knows.
    /// </summary>
    internal static IEnumerable<string> All(string machine, IEnumerable<long> operations) =>
        operations.Select(o => ObjectNames.OperationChunks(machine, o));

    /// <summary>The objects of chunks, to be retired when the operation closes.</summary>
    internal static IReadOnlyList<string> Names(
        string machine, long operation, IReadOnlyList<ChunkRecord> chunks) =>
        [.. chunks.Where(c => c.Outcomes is null)
            .Select(c => ObjectNames.OperationChunk(machine, operation, c.Chunk))];
}
