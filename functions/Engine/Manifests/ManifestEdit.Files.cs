using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <content>Machine files: their objects may belong to several versions.</content>
public sealed partial class ManifestEdit
{
    /// <summary>
    /// Hands the objects of files to the sweep that nothing lists after this change, be it that a
    /// version was taken out or an operation ended. Called after that.
    /// </summary>
    /// <param name="operation">The operation that takes them out of the lists.</param>
    /// <param name="files">The files of what was taken out; null for none.</param>
    /// <param name="cancellation">Ends the call.</param>
    public async ValueTask RetireFilesAsync(
        long operation, IReadOnlyList<VersionFile>? files, CancellationToken cancellation = default)
    {
        var names = new List<string>();
        foreach (var file in files ?? [])
            if (!await ListsFileAsync(file, cancellation)) names.Add(file.ObjectName(Head.Machine));
        Retire(operation, [], [.. names.Distinct(StringComparer.Ordinal)]);
    }

    private async ValueTask<bool> ListsFileAsync(VersionFile file, CancellationToken cancellation) =>
        Head.Operations.Any(o => FileListing.Holds(o.Files, file))
        || (await FirstVersionAsync(file.Version, cancellation) is { } first
            && FileListing.Holds(first.Files, file));

    /// <summary>The first version from a number on, as changed so far.</summary>
    private async ValueTask<VersionRecord?> FirstVersionAsync(
        int from, CancellationToken cancellation)
    {
        foreach (var reference in Before.Head.Pages)
        {
            if (reference.Last < from) continue;
            var page = await Before.PageAsync(reference, cancellation);
            foreach (var version in page.Versions)
            {
                if (version.Number < from) continue;
                if (!_onPages.TryGetValue(version.Number, out var changed)) return version;
                if (changed is not null) return changed;
            }
        }
        return Head.Versions.FirstOrDefault(v => v.Number >= from);
    }

    /// <summary>No object of a file is both listed and retired after this change.</summary>
    private async Task RefuseListedFilesAsync(CancellationToken cancellation)
    {
        var retired = new HashSet<string>(StringComparer.Ordinal);
        foreach (var record in Head.Retired)
        {
            var isNew = _retired.Contains(record);
            foreach (var name in record.Names)
            {
                if (FileListing.OfName(name) is not { } file) continue;
                retired.Add(name);
                if (isNew && await ListsFileAsync(file, cancellation))
                    throw DeltaListing.StillListed(Head.Machine, $"'{name}'");
            }
        }
        if (retired.Count == 0) return;
        var listed = Head.Operations.SelectMany(o => o.Files ?? []).ToList();
        foreach (var number in _touched)
            if (await FindVersionAsync(number, cancellation) is { Files: { } files })
                listed.AddRange(files);
        var both = listed.Select(f => f.ObjectName(Head.Machine)).FirstOrDefault(retired.Contains);
        if (both is not null) throw DeltaListing.StillListed(Head.Machine, $"'{both}'");
    }
}
