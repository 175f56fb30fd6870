using SnapshotFunctions.Engine.Intake;

namespace SnapshotFunctions.Local.Serving;

/// <summary>
/// Looks for uploads, <c>{machine}/{snapshot}/{disk}.{raw|img|qcow2}</c>. Hidden names are left
/// alone: uploading programs write under them first.
/// </summary>
internal sealed class IncomingFolder(string path)
{
    private const int PollsToSettle = 2;

    private readonly Dictionary<string, (string State, int Polls)> _seen =
        new(StringComparer.Ordinal);

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>
    /// Looks once; returns the uploads that have not changed for two looks, in order of arrival.
    /// </summary>
    public IReadOnlyList<Upload> Poll()
    {
        Directory.CreateDirectory(path);
        var settled = new List<Upload>();
        var standing = new HashSet<string>(StringComparer.Ordinal);
        foreach (var upload in Find())
        {
            if (upload.Files.Count == 0) continue;
            standing.Add(upload.Path);
            var state = upload.State;
            var polls = _seen.TryGetValue(upload.Path, out var last)
                && string.Equals(last.State, state, StringComparison.Ordinal) ? last.Polls + 1 : 0;
            _seen[upload.Path] = (state, polls);
            // A marked upload is complete: whoever marked it has looked, or has bound it as one act.
            if (polls >= PollsToSettle || File.Exists(upload.FileAt(UploadFolder.MarkName)))
                settled.Add(upload);
        }
        foreach (var gone in _seen.Keys.Where(k => !standing.Contains(k)).ToList())
            _seen.Remove(gone);
        return
        [
            .. settled.OrderBy(u => u.Arrived).ThenBy(u => u.Path, StringComparer.Ordinal),
        ];
    }

    /// <summary>What lies in one folder.</summary>
    public static Upload At(string machine, string snapshot, string folder) => new(
        machine, snapshot, folder, [.. Visible(new DirectoryInfo(folder)).Select(FileOf)]);

    /// <summary>Every upload that stands now, written to or not.</summary>
    public IEnumerable<Upload> Find()
    {
        foreach (var machine in Visible(new DirectoryInfo(path)))
        {
            if (!IsFolder(machine))
            {
                yield return Stray(machine, machine.Name);
                continue;
            }
            foreach (var snapshot in Visible((DirectoryInfo)machine))
            {
                yield return IsFolder(snapshot)
                    ? new Upload(
                        machine.Name, snapshot.Name, snapshot.FullName,
                        [.. Visible((DirectoryInfo)snapshot).Select(FileOf)])
                    : Stray(snapshot, machine.Name);
            }
        }
    }

    private static List<FileSystemInfo> Visible(DirectoryInfo folder)
    {
        try
        {
            return folder.EnumerateFileSystemInfos()
                .Where(i => !i.Name.StartsWith('.'))
                .OrderBy(i => i.Name, StringComparer.Ordinal)
                .ToList();
        }
        catch (DirectoryNotFoundException)
        {
            // Taken away while it was looked at.
            return [];
        }
    }

    private static bool IsFolder(FileSystemInfo item) =>
        item is DirectoryInfo && item.LinkTarget is null;

    private static Upload Stray(FileSystemInfo file, string machine) =>
        new(machine, null, file.FullName, [FileOf(file)]);

    private static UploadedFile FileOf(FileSystemInfo item)
    {
        // A link could name any file of this machine, which the uploader may not be let see.
        var isPlain = item is FileInfo && item.LinkTarget is null;
        return new UploadedFile(
            item.Name, item.FullName, isPlain && item is FileInfo { Exists: true } file ? file.Length : 0,
            new DateTimeOffset(item.LastWriteTimeUtc), !isPlain);
    }
}
