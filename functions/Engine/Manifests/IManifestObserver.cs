namespace SnapshotFunctions.Engine.Manifests;

/// <summary>
/// Told of every manifest after it was written: a projection for queries. What it is told may come
/// twice, late and out of order, and a crash in between tells it nothing at all; so it goes by the
/// head's revision and is brought up to date from time to time.
/// </summary>
public interface IManifestObserver
{
    /// <summary>
    /// A manifest was written. Throws nothing but the end of the call: the change stands already,
    /// and no trouble of an observer may make it look as if it had failed.
    /// </summary>
    Task WrittenAsync(Manifest manifest, CancellationToken cancellation);
}
