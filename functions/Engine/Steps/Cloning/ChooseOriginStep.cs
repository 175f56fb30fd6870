using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.Engine.Flows.Contract;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Steps.Cloning;

/// <summary>
/// <c>ChooseOrigin</c>: compares samples of a new machine's first images with the newest versions of
/// other machines, and tells which one they are most like. No byte of those machines is read, only
/// hashes from indexes.
/// </summary>
public sealed class ChooseOriginStep(StepServices services)
    : Step<ChooseOriginInput, ChosenOrigin>(CloneSteps.Choose)
{
    /// <summary>Less than this part of the sampled blocks is not worth resting on another machine.</summary>
    private const double LeastPart = 0.25;

    private const int MostMachines = 256;

    /// <inheritdoc/>
    public override async Task<ChosenOrigin> RunAsync(
        ChooseOriginInput input, CancellationToken cancellation)
    {
        List<string> names = [.. input.Disks.Select((d, i) => d.Name ?? $"disk{i}")];
        var none = new ChosenOrigin(null, 0, new Dictionary<string, string>(StringComparer.Ordinal),
            [], 0, 0);
        var existing = await services.Manifests.FindAsync(input.Machine, cancellation);
        // Only a machine's very first snapshot can rest on another machine; a repeat of the job
        // that has made the machine chooses again what it has chosen.
        if (existing is { NewestNumber: > 0 } or { Head.Origin: not null }
            || names.Distinct(StringComparer.Ordinal).Count() != names.Count) return none;
        if (input.Disks.Any(d => d.HasParent)) return none;
        var layout = existing?.Head.Layout ?? services.Options.Layout;
        var samples = new List<ImageSample>();
        for (var i = 0; i < names.Count; i++)
            samples.Add(await SampleAsync(input.Disks[i], names[i], layout, cancellation));
        var total = samples.Sum(s => s.Count);
        ChosenOrigin? best = null;
        foreach (var machine in await MachinesAsync(input, cancellation))
        {
            var found = await CandidateAsync(input, machine, layout, samples, cancellation);
            if (found is not null && found.SameBlocks > (best?.SameBlocks ?? 0)) best = found;
        }
        return best is null || best.SameBlocks < total * LeastPart
            ? none with { SampledBlocks = total, SameBlocks = best?.SameBlocks ?? 0 }
            : best with { Names = names, SampledBlocks = total };
    }

    private async Task<ImageSample> SampleAsync(
        Phases.SurveyedDisk disk, string name, Layout layout, CancellationToken cancellation)
    {
        await using var image = await PinnedImages.OpenAsync(
            services.Sources, disk.Source, disk.Identity, disk.Format, cancellation);
        return await ImageSample.ReadAsync(image, name, layout, cancellation);
    }

    private async Task<List<string>> MachinesAsync(
        ChooseOriginInput input, CancellationToken cancellation)
    {
        if (!string.Equals(input.Like, ChooseOriginInput.Auto, StringComparison.Ordinal))
            return [(await services.Manifests.LoadAsync(input.Like, cancellation)).Machine];
        var machines = new List<string>();
        await foreach (var machine in services.Manifests.ListMachinesAsync(cancellation))
        {
            if (machines.Count == MostMachines) break;
            if (!string.Equals(machine, input.Machine, StringComparison.Ordinal))
                machines.Add(machine);
        }
        return machines;
    }

    /// <summary>
    /// Compares with one machine. One of many that cannot be read, damaged or archived as it is, is
    /// no origin; one that was named must tell why.
    /// </summary>
    private async Task<ChosenOrigin?> CandidateAsync(
        ChooseOriginInput input, string machine, Layout layout, List<ImageSample> samples,
        CancellationToken cancellation)
    {
        try
        {
            return await CompareAsync(machine, layout, samples, cancellation);
        }
        catch (SnapshotException) when (input.Like is ChooseOriginInput.Auto)
        {
            return null;
        }
    }

    /// <summary>How much of the samples a machine has; null when it can be no origin.</summary>
    private async Task<ChosenOrigin?> CompareAsync(
        string machine, Layout layout, List<ImageSample> samples, CancellationToken cancellation)
    {
        var manifest = await services.Manifests.FindAsync(machine, cancellation);
        if (manifest is null || manifest.Head.Layout != layout || manifest.Head.Purged is not null
            || manifest.Head.Origin?.Depth >= OriginRecord.MostDepth) return null;
        var number = await manifest.NewestReadyAsync(cancellation);
        if (number == 0
            || await manifest.FindVersionAsync(number, cancellation) is not { } version) return null;
        var names = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var (same, bytes) = (0, 0L);
        foreach (var sample in samples)
        {
            var (disk, count) = await BestAsync(manifest, version, sample, names, cancellation);
            if (disk is null || count < sample.Count * LeastPart) continue;
            names.Add(disk, sample.Name);
            same += count;
            bytes += sample.DataBytes / sample.Count * count;
        }
        return names.Count == 0 ? null
            : new ChosenOrigin(machine, number, names, [], 0, same, bytes);
    }

    private async Task<(string? Disk, int Same)> BestAsync(
        Manifest manifest, VersionRecord version, ImageSample sample,
        SortedDictionary<string, string> taken, CancellationToken cancellation)
    {
        var best = ((string?)null, 0);
        foreach (var disk in version.Disks)
        {
            if (taken.ContainsKey(disk.Name)) continue;
            var same = await sample.SameAsync(
                services.Views.Open(manifest, version, disk), cancellation);
            if (same > best.Item2) best = (disk.Name, same);
        }
        return best;
    }
}
