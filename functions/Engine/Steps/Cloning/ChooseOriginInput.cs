using SnapshotFunctions.Engine.Steps.Phases;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>A new machine's first images, which may be much like another machine's.</summary>
/// <param name="Machine">The new machine.</param>
/// <param name="Like">The other machine; <see cref="Auto"/>: the one that is most like it.</param>
/// <param name="Disks">The images.</param>
public sealed record ChooseOriginInput(
    string Machine, string Like, IReadOnlyList<SurveyedDisk> Disks)
{
    /// <summary>Any machine of the store.</summary>
    public const string Auto = "auto";
}
