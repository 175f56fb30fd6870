using Microsoft.Win32.SafeHandles;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.Local.Files;

/// <summary>
/// Files of this machine to restore to, named by their paths. A new file is written as
/// <c>FILE.partial</c> beside its place and renamed when it is whole; blocks of zeros take no space
/// in it. A file that is written onto is changed in place: a crash midway leaves it partly changed,
/// and running the same restore again completes it.
/// </summary>
/// <remarks>
/// Two restores to one file: the later one wins, and the earlier one's next step is refused.
/// Whether a running machine has the file open is not looked for.
/// </remarks>
public sealed class FileRestoreTargets : IRestoreTargets
{
    /// <summary>What is put behind the name of a file that is not whole yet.</summary>
    public const string PartialSuffix = ".partial";

    /// <inheritdoc/>
    public ValueTask<string> PrepareAsync(
        RestoreTargetRequest request, CancellationToken cancellation = default) =>
        ValueTask.FromResult(FileFaults.Run(
            request.Target,
            () => request.Mode == RestoreMode.Onto ? PrepareOnto(request) : PrepareNew(request)));

    /// <inheritdoc/>
    public ValueTask<IRestoreTarget> OpenAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation = default) =>
        ValueTask.FromResult<IRestoreTarget>(new FileRestoreTarget(
            TryOpen(PathOf(request), request, identity) ?? throw Replaced(request),
            request.Target));

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation = default)
    {
        var final = FullPath(request);
        var path = PathOf(request);
        var handle = TryOpen(path, request, identity);
        if (handle is null)
        {
            // An earlier try may have come as far as the new name.
            handle = TryOpen(final, request, identity) ?? throw Replaced(request);
            path = final;
        }
        await using var file = new FileRestoreTarget(handle, request.Target);
        if (file.LengthBytes != request.LengthBytes)
            throw new RestoreTargetException(
                "length", request.Target,
                $"Expected {request.LengthBytes} bytes, found {file.LengthBytes}.");
        await file.FlushAsync(cancellation);
        if (!string.Equals(path, final, StringComparison.Ordinal))
        {
            if (request.Mode == RestoreMode.New) RequireFree(request, final);
            // A crash before this leaves the partial file, one after it the whole one.
            FileFaults.Run(request.Target, () =>
            {
                File.Move(path, final, overwrite: true);
                return true;
            });
        }
        SyncFolderOf(final);
    }

    /// <inheritdoc/>
    public ValueTask AbandonAsync(
        RestoreTargetRequest request, string identity, CancellationToken cancellation = default)
    {
        if (request.Mode == RestoreMode.Onto) return ValueTask.CompletedTask;
        using var handle = TryOpen(PathOf(request), request, identity);
        if (handle is not null) File.Delete(PathOf(request));
        return ValueTask.CompletedTask;
    }

    private static string PrepareNew(RestoreTargetRequest request)
    {
        var final = FullPath(request);
        if (request.Mode == RestoreMode.New) RequireFree(request, final);
        if (Directory.Exists(final))
            throw new RestoreTargetException(
                "exists", request.Target, "It is a folder; name a file in it.");
        // What an earlier restore has left is another file: its late writes go nowhere.
        var path = PathOf(request);
        File.Delete(path);
        using var handle = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            RandomAccess.SetLength(handle, request.LengthBytes);
            RandomAccess.FlushToDisk(handle);
            SyncFolderOf(path);
            return FileState.IdentityOf(handle);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    private static string PrepareOnto(RestoreTargetRequest request)
    {
        using var handle = Open(FullPath(request));
        var found = RandomAccess.GetLength(handle);
        // Another length than either is no such version, nor one that is half turned into another.
        if (request.KnownLengthBytes is { } known && found != known && found != request.LengthBytes)
            throw new RestoreTargetException(
                "length", request.Target,
                $"A file that holds that version has {known} bytes, this one {found}. "
                + "Leave the version out, and it is compared byte by byte.");
        if (found != request.LengthBytes)
        {
            RandomAccess.SetLength(handle, request.LengthBytes);
            RandomAccess.FlushToDisk(handle);
        }
        return FileState.IdentityOf(handle);
    }

    private static void RequireFree(RestoreTargetRequest request, string final)
    {
        if (File.Exists(final) || Directory.Exists(final))
            throw new RestoreTargetException(
                "exists", request.Target,
                "It is there already. Name another, or ask for it to be overwritten.");
    }

    /// <summary>Opens a file if it is the one that was prepared.</summary>
    private static SafeFileHandle? TryOpen(
        string path, RestoreTargetRequest request, string identity)
    {
        if (!File.Exists(path)) return null;
        var handle = FileFaults.Run(request.Target, () => Open(path));
        if (string.Equals(FileState.IdentityOf(handle), identity, StringComparison.Ordinal))
            return handle;
        handle.Dispose();
        return null;
    }

    private static SafeFileHandle Open(string path) => File.OpenHandle(
        path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    private static RestoreTargetException Replaced(RestoreTargetRequest request) => new(
        "replaced", request.Target,
        "The file that this restore was writing is gone or another one. Restore again.");

    private static string FullPath(RestoreTargetRequest request) =>
        Path.GetFullPath(request.Target);

    private static string PathOf(RestoreTargetRequest request) =>
        request.Mode == RestoreMode.Onto ? FullPath(request) : FullPath(request) + PartialSuffix;

    private static void SyncFolderOf(string path)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            NativeFiles.SyncDirectory(Path.GetDirectoryName(path)!);
    }
}
