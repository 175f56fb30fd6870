using SnapshotFunctions.Engine.Policies;

namespace SnapshotFunctions.Http.Machines;

/// <summary>All about one machine but its versions.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Created">When it was made here.</param>
/// <param name="Disks">Its disks as the newest version has them.</param>
/// <param name="Newest">The newest version that can be restored; absent for none.</param>
/// <param name="Time">When the machine was as that version has it.</param>
/// <param name="Versions">How many versions it lists.</param>
/// <param name="Base">
/// The version that the base image stands at; absent for none. While an operation moves the base,
/// some shards may stand at another.
/// </param>
/// <param name="Policy">What the owner decided.</param>
/// <param name="Hold">The legal hold on it; absent for none.</param>
/// <param name="Origin">The version of another machine that it began from and rests on.</param>
/// <param name="Clones">The machines that rest on a version of this one.</param>
/// <param name="Purge">When it is to be deleted; absent for a machine that is kept.</param>
/// <param name="Layout">The sizes that all of it is cut by.</param>
/// <param name="Operations">The operations under way.</param>
/// <param name="Turn">Who changes the machine now; absent for nobody.</param>
/// <param name="Links">Where to go from here.</param>
public sealed record MachineDocument(
    string Name, DateTimeOffset Created, IReadOnlyList<MachineDisk> Disks, int? Newest,
    DateTimeOffset? Time, int Versions, int? Base, PolicyDocument Policy, HoldDocument? Hold,
    OriginDocument? Origin, IReadOnlyList<CloneEntry> Clones, PurgeDocument? Purge,
    LayoutDocument Layout, IReadOnlyList<OperationDocument> Operations, TurnDocument? Turn, MachineLinks Links);
