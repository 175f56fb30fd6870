using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.App.Durable;

/// <summary>
/// The flows by name and version. A flow whose calls change keeps its old code under the old
/// version, as long as jobs of that version may run: <c>defaultVersion</c> in host.json names the
/// version that new jobs get, and the version of a job never changes.
/// </summary>
public sealed class FlowCatalog
{
    private readonly Dictionary<string, List<(Version From, Flow Flow)>> _flows =
        new(StringComparer.Ordinal);

    /// <summary>A catalog of flows that have been what they are from the first version on.</summary>
    public FlowCatalog(IEnumerable<Flow> flows)
    {
        foreach (var flow in flows) Add(new Version(0, 0), flow);
    }

    /// <summary>All names.</summary>
    public IReadOnlyCollection<string> Names => _flows.Keys;

    /// <summary>Adds what a flow does from a version on.</summary>
    public FlowCatalog Add(Version from, Flow flow)
    {
        if (!_flows.TryGetValue(flow.Name, out var known)) _flows.Add(flow.Name, known = []);
        known.Add((from, flow));
        known.Sort((a, b) => b.From.CompareTo(a.From));
        return this;
    }

    /// <summary>The flow as a job of a version runs it.</summary>
    /// <exception cref="NoSuchException">No flow of this name.</exception>
    public Flow Find(string name, string? version)
    {
        if (!_flows.TryGetValue(name, out var known))
            throw new NoSuchException($"flow '{name}'", "Register it with the app.");
        // A job without a version was started before there were any.
        var wanted = Version.TryParse(version, out var parsed) ? parsed : new Version(0, 0);
        return known.Find(k => k.From <= wanted).Flow ?? known[^1].Flow;
    }
}
