using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Memory;

namespace SnapshotFunctions.Benchmarks.Measuring;

/// <summary>A folder for stores, images and restored disks, removed with all that is in it.</summary>
internal sealed class WorkFolder : IDisposable
{
    private const int PieceBytes = 4 << 20;

    /// <summary>A new folder.</summary>
    /// <param name="parent">Where; null for the system's folder for temporary files.</param>
    public WorkFolder(string? parent)
    {
        Path = System.IO.Path.Combine(
            parent ?? System.IO.Path.GetTempPath(), $"snapshots-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>A name in the folder.</summary>
    public string Of(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Opens the two placements of a store of this folder, as the command line does.</summary>
    public Task<OpenStore> OpenStoreAsync(string name) => StoreSetting.Parse(Of(name))
        .OpenAsync(create: true, TimeProvider.System, CancellationToken.None);

    /// <summary>Writes an image into the folder.</summary>
    public async Task<string> WriteAsync(ScatteredImage image)
    {
        var path = Of(image.Name);
        await using var file = File.Create(path);
        var piece = new byte[PieceBytes];
        for (var at = 0L; at < image.LengthBytes; at += piece.Length)
        {
            var part = piece.AsMemory(0, (int)Math.Min(piece.Length, image.LengthBytes - at));
            await image.ReadAsync(at, part);
            await file.WriteAsync(part);
        }
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
