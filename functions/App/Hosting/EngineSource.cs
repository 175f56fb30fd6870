using Azure.Core;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Outcomes;

namespace SnapshotFunctions.App.Hosting;

/// <summary>
/// Opens the engine when it is first needed, and again when that failed: an account that does not
/// answer just now fails one step, which is repeated, and not the start of the app. Thread-safe.
/// </summary>
public sealed class EngineSource(
    AppSettings settings, TokenCredential credential, IOutcomes outcomes, TimeProvider time,
    ILoggerFactory loggers) : IDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private AppEngine? _engine;

    /// <summary>The engine.</summary>
    /// <exception cref="Engine.Model.SnapshotException">It could not be opened.</exception>
    public async ValueTask<AppEngine> GetAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _engine) is { } opened) return opened;
        await _opening.WaitAsync(cancellation);
        try
        {
            if (_engine is null)
            {
                Volatile.Write(
                    ref _engine,
                    await AppEngine.OpenAsync(
                        settings, credential, outcomes, time, loggers, cancellation));
            }
            return _engine;
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _opening.Dispose();
}
