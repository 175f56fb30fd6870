using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Views;

/// <summary>Gives the machine files of versions back, each checked against its hash.</summary>
public sealed class MachineFiles(ManifestStore manifests, IObjectStore baseStore)
{
    private const int MostAttempts = 6;

    /// <summary>A version that can be restored; its files are in the record.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="version">The version's number; null for the newest.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="NoSuchException">There is no such machine or version.</exception>
    public Task<VersionRecord> FindAsync(
        string machine, int? version, CancellationToken cancellation) =>
        SettledAsync(() => VersionAsync(machine, version, cancellation));

    /// <summary>What the manifest says of one file.</summary>
    /// <exception cref="NoSuchException">There is no such machine, version or file.</exception>
    public Task<VersionFile> FindAsync(
        string machine, int? version, string name, CancellationToken cancellation) =>
        SettledAsync(async () =>
            Find(await VersionAsync(machine, version, cancellation), machine, name));

    /// <summary>Reads one file.</summary>
    /// <exception cref="NoSuchException">There is no such machine, version or file.</exception>
    /// <exception cref="CorruptObjectException">Its bytes are not those that were kept.</exception>
    public Task<MachineFile> ReadAsync(
        string machine, int? version, string name, CancellationToken cancellation) =>
        SettledAsync(async () =>
        {
            var record = await VersionAsync(machine, version, cancellation);
            var file = Find(record, machine, name);
            return new MachineFile(
                record.Number, file,
                await ReadAsync(baseStore, machine, file, cancellation));
        });

    /// <summary>The bytes of a file that a version lists.</summary>
    /// <exception cref="CorruptObjectException">They are not those that were kept.</exception>
    internal static async Task<byte[]> ReadAsync(
        IObjectStore store, string machine, VersionFile file, CancellationToken cancellation)
    {
        var name = file.ObjectName(machine);
        // One byte more than any file has: a longer object is damaged, not refused.
        var (content, _) = await store.ReadWholeAsync(
            name, VersionFile.MostBytes + 1, cancellation);
        var found = Hash256.Of(content);
        return content.Length == file.LengthBytes && found == file.Hash
            ? content
            : throw new CorruptObjectException(
                name, $"{file.LengthBytes} bytes of hash {file.Hash}",
                $"{content.Length} bytes of hash {found}");
    }

    private async Task<VersionRecord> VersionAsync(
        string machine, int? version, CancellationToken cancellation) =>
        await ViewOpener.FindAsync(
            await manifests.LoadAsync(machine, cancellation), version, cancellation);

    private static VersionFile Find(VersionRecord version, string machine, string name)
    {
        var files = version.Files ?? [];
        return files.FirstOrDefault(f => string.Equals(f.Name, name, StringComparison.Ordinal))
            ?? throw new NoSuchException(
                $"machine file '{name}' in version {version.Number} of '{machine}'",
                files.Count == 0
                    ? "It has none."
                    : $"It has {string.Join(", ", files.Select(f => f.Name))}.");
    }

    /// <summary>
    /// Reads again where an object was swept between the head and it: the head that stands now
    /// names another page, or lists the version no more.
    /// </summary>
    private static async Task<T> SettledAsync<T>(Func<Task<T>> read)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await read();
            }
            catch (ObjectNotFoundException) when (attempt < MostAttempts)
            {
                // The next attempt begins with the head.
            }
        }
    }
}
