using SnapshotFunctions.Engine.Flows.Rehydrating;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Steps.Rehydrating;

namespace SnapshotFunctions.Engine.Flows.Restoring;

/// <summary>The refusal of a restore that would need archived data which nobody asked back.</summary>
internal static class ArchivedRefusal
{
    /// <summary>The code of a read that met archived data.</summary>
    public const string ReadCode = "object-archived";

    /// <summary>The refusal: what is archived, how long it would take, and how to ask for it.</summary>
    public static RefusedException Of(ArchivedSet archived, RehydrationMargins margins) => new(
        "archived",
        $"Version {archived.Version} of disk '{archived.Disk}' needs {archived.Objects} archived "
        + $"objects of {archived.Bytes} bytes. To bring them back takes up to "
        + $"{margins.StandardHours} hours, or at high priority, which costs more, mostly "
        + $"{margins.HighHoursOf(archived.Bytes)} h. Ask for both in one with --rehydrate standard "
        + "or --rehydrate high; over HTTP with \"rehydrate\" in the request. Nothing was written.");
}
