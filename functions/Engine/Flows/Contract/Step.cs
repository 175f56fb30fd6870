using System.Text.Json;

namespace SnapshotFunctions.Engine.Flows.Contract;

/// <summary>
/// One repeatable piece of work that touches the world: an activity. It may run twice, late, or
/// side by side with itself; names derive from its input, creates are conditional.
/// </summary>
public abstract class Step
{
    /// <summary>The step's name on every runner.</summary>
    public abstract string Name { get; }

    /// <summary>Runs the step on inputs and results as JSON text; what runners call.</summary>
    public abstract Task<string> RunJsonAsync(string input, CancellationToken cancellation);
}

/// <summary>A step with its types.</summary>
public abstract class Step<TIn, TOut>(StepName<TIn, TOut> definition) : Step
{
    /// <inheritdoc/>
    public override string Name => definition.Name;

    /// <inheritdoc/>
    public override async Task<string> RunJsonAsync(string input, CancellationToken cancellation)
    {
        var parsed = JsonSerializer.Deserialize(input, definition.Input)
            ?? throw new JsonException($"The input of step {Name} is null.");
        return JsonSerializer.Serialize(await RunAsync(parsed, cancellation), definition.Output);
    }

    /// <summary>Does the work.</summary>
    public abstract Task<TOut> RunAsync(TIn input, CancellationToken cancellation);
}
