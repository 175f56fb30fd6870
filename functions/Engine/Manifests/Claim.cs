namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// A machine's turn: who may change the manifest now. The head keeps the last epoch beside it,
/// so that epochs only rise.
/// </summary>
/// <param name="Owner">Who holds it: the name of a flow's instance.</param>
/// <param name="Epoch">Rises with every taking; work under an older epoch is superseded.</param>
/// <param name="Until">When it ends unless it is renewed.</param>
public sealed record Claim(string Owner, long Epoch, DateTimeOffset Until);
