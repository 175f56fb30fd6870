namespace SnapshotFunctions.Engine.Check.Rebuilding;

/// <summary>What the rebuilding of a machine's manifest came to.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Source">
/// <c>sound</c>: the head was left as it is; <c>copy</c>: from a dated copy and the objects;
/// <c>objects</c>: from the objects alone; <c>nothing</c>: there was nothing to make it from.
/// </param>
/// <param name="Versions">How many versions are listed.</param>
/// <param name="Newest">The newest of them; 0 for none.</param>
/// <param name="Notes">What is lost or not certain, with why; at most 40 are told.</param>
/// <param name="NoteCount">How many notes there are in all.</param>
/// <param name="Orphans">Objects of shards and machine files that the new manifest does not list.</param>
public sealed record RebuiltMachine(
    string Machine, string Source, int Versions, int Newest, IReadOnlyList<string> Notes,
    int NoteCount, int Orphans);
