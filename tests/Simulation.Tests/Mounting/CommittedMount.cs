using SnapshotFunctions.SimulationTests.Crashes;
using SnapshotFunctions.SimulationTests.Rigging;
using Xunit;

namespace SnapshotFunctions.SimulationTests.Mounting;

/// <summary>Holds the clone that a mount was committed to against what was written.</summary>
internal static class CommittedMount
{
    /// <summary>
    /// The clone has two versions: the mount's, and what was written; with the machine files of the
    /// mount's, and nothing about that is not listed.
    /// </summary>
    public static async Task CheckAsync(
        Rig rig, string clone, int version, IReadOnlyDictionary<string, byte[]> contents,
        string context, int made = 2, bool isRebuilt = false)
    {
        var services = rig.Life.Services;
        var manifest = await rig.Life.Manifests.LoadAsync(clone);
        Assert.True(
            manifest.NewestNumber == made, $"{context}: its newest is {manifest.NewestNumber}");
        foreach (var (number, expected) in new[]
        {
            (1, (IReadOnlyDictionary<string, byte[]>)rig.Model[version]), (made, contents),
        })
        {
            foreach (var (disk, content) in expected)
            {
                var view = await services.Views.OpenAsync(
                    clone, number, disk, CancellationToken.None);
                var found = new byte[content.Length];
                await view.ReadAsync(0, found);
                Assert.True(
                    found.AsSpan().SequenceEqual(content),
                    $"{context}: version {number} disk {disk} of {clone} differs first at "
                    + $"{found.AsSpan().CommonPrefixLength(content)}");
            }
            var files = (await services.Files.FindAsync(
                clone, number, CancellationToken.None)).Files ?? [];
            Assert.Equal(rig.FileModel[version].Keys, files.Select(f => f.Name));
        }
        await ListedObjects.CheckAsync(rig, context, clone);
        // A rebuild finds no list of what was retired before it.
        if (!isRebuilt) await ListedObjects.CheckAsync(rig, context);
    }
}
