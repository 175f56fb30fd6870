using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Check;

/// <summary>
/// Manifests as they lie in the store now: what other readers keep in memory would hide damage.
/// </summary>
internal static class FreshManifest
{
    /// <summary>Reads a machine's head.</summary>
    /// <exception cref="ObjectNotFoundException">There is none.</exception>
    /// <exception cref="CorruptObjectException">It is damaged.</exception>
    public static async Task<Manifest> LoadAsync(
        IObjectStore baseStore, string machine, CancellationToken cancellation)
    {
        var (bytes, properties) = await baseStore.ReadWholeAsync(
            ObjectNames.Head(machine), ManifestCodec.MaxHeadBytes, cancellation);
        var head = ManifestCodec.ReadHead(bytes, properties, machine);
        return new Manifest(head, properties.ETag, new ManifestReader(baseStore));
    }
}
