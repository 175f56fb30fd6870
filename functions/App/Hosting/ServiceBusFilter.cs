using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;

namespace SnapshotFunctions.App.Hosting;

/// <summary>
/// Takes the functions that hang on Service Bus out of what the host is told, where no Service Bus
/// is set up: the host would try to reach a connection that is not there, and report functions that
/// fail. With a Service Bus nothing is taken out.
/// </summary>
public sealed class ServiceBusFilter(AppSettings settings) : IFunctionMetadataTransformer
{
    private const string Trigger = "\"serviceBusTrigger\"";

    /// <inheritdoc/>
    public string Name => "Functions on Service Bus";

    /// <inheritdoc/>
    public void Transform(IList<IFunctionMetadata> original)
    {
        ArgumentNullException.ThrowIfNull(original);
        if (settings.HasServiceBus) return;
        for (var i = original.Count - 1; i >= 0; i--)
        {
            if (original[i].RawBindings?.Any(
                b => b.Contains(Trigger, StringComparison.OrdinalIgnoreCase)) == true)
                original.RemoveAt(i);
        }
    }
}
