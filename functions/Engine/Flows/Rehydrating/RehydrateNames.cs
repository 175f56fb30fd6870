using System.Text.Json.Serialization.Metadata;
using SnapshotFunctions.Engine.Flows.Contract;

namespace SnapshotFunctions.Engine.Flows.Rehydrating;

/// <summary>The flow of a rehydration by name.</summary>
public static class RehydrateNames
{
    /// <summary>Brings back what a range of a version needs.</summary>
    public static FlowName<RehydrateInput, RehydrateResult> Rehydrate { get; } = new(
        "Rehydrate", RehydrateJson.Default.RehydrateInput, RehydrateJson.Default.RehydrateResult);

    /// <summary>How the event <see cref="RehydratedNews.EventName"/> is written.</summary>
    public static JsonTypeInfo<RehydratedNews> News => RehydrateJson.Default.RehydratedNews;
}
