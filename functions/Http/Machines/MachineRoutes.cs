using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Http.Routing;

namespace SnapshotFunctions.Http.Machines;

/// <summary>The machines.</summary>
internal sealed class MachineRoutes(ApiServices services)
{
    private const string Area = "Machines";
    private const int HeadsAtOnce = 8;

    private ManifestStore Manifests => services.Engine.Manifests;

    /// <summary>The routes.</summary>
    public static IEnumerable<ApiRoute> Of(ApiServices services)
    {
        var routes = new MachineRoutes(services);
        yield return new ApiRoute(
            "ListMachines", "GET", "machines", routes.ListAsync,
            new RouteAbout("Lists the machines.", Area)
            {
                Parameters =
                [
                    .. Paging.Parameters(services.Options, "string"),
                    new RouteParameter(
                        "prefix", "query", "string", "Only machines whose names begin so."),
                ],
                Answers =
                [
                    new RouteAnswer(200, "Some machines.", ApiJson.Default.MachinesDocument),
                ],
                Problems = [400],
            });
        yield return new ApiRoute(
            "GetMachine", "GET", "machines/{machine}", routes.GetAsync,
            new RouteAbout("Tells all about a machine but its versions.", Area)
            {
                Answers = [new RouteAnswer(200, "The machine.", ApiJson.Default.MachineDocument)],
                Problems = [400, 404],
            });
    }

    private async Task ListAsync(ApiCall call)
    {
        var top = Paging.Top(call, services.Options);
        var after = Paging.After(call);
        var prefix = call.Text("prefix") ?? string.Empty;
        if (prefix.Length > 0 && !ObjectNames.IsName(prefix))
            throw ApiCall.Refused("prefix", "what a machine's name may begin with", prefix);
        if (services.Machines is { } catalog)
        {
            var (found, hasMore) = await catalog.ListMachinesAsync(
                prefix.Length == 0 ? null : prefix, after, top, call.Cancellation);
            await WriteAsync(
                call, [.. found.Select(SummaryOf)],
                hasMore ? Paging.Next(call, found[^1].Machine) : null);
            return;
        }
        var names = new List<string>();
        await foreach (var name in Manifests.ListMachinesAsync(prefix, call.Cancellation))
        {
            if (after is not null && !IsBehind(name, after)) continue;
            names.Add(name);
            if (names.Count > top) break;
        }
        var next = names.Count > top ? Paging.Next(call, names[top - 1]) : null;
        var machines = new MachineSummary?[Math.Min(top, names.Count)];
        await Parallel.ForAsync(
            0, machines.Length,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = HeadsAtOnce, CancellationToken = call.Cancellation,
            },
            async (i, cancellation) =>
                machines[i] = await SummaryAsync(names[i], cancellation));
        await WriteAsync(call, [.. machines.OfType<MachineSummary>()], next);
    }

    private static Task WriteAsync(
        ApiCall call, IReadOnlyList<MachineSummary> machines, string? next) =>
        call.WriteAsync(new MachinesDocument(machines, next), ApiJson.Default.MachinesDocument);

    private static MachineSummary SummaryOf(MachineEntry entry) => new(
        entry.Machine, entry.Newest == 0 ? null : entry.Newest, entry.Versions, entry.Time,
        entry.SizeBytes, null, MachineLinks.Of(entry.Machine));

    private async Task GetAsync(ApiCall call)
    {
        var manifest = await MachineReading.LoadAsync(Manifests, call.Machine, call.Cancellation);
        var head = manifest.Head;
        var newest = await MachineReading.NewestAsync(manifest, call.Cancellation);
        var standing = await MachineReading.BaseAsync(manifest, call.Cancellation);
        await call.WriteAsync(
            new MachineDocument(
                head.Machine, head.Created, DisksOf(head.Machine, newest), newest?.Number,
                newest?.Time, MachineReading.Count(head), standing == 0 ? null : standing,
                PolicyDocument.Of(head.Policy), HoldDocument.Of(head.Hold),
                OriginDocument.Of(head.Origin), CloneEntry.Of(head), PurgeDocument.Of(head),
                LayoutDocument.Of(head.Layout),
                [.. head.Operations.Select(OperationDocument.Of)], TurnDocument.Of(head.Claim),
                MachineLinks.Of(head.Machine)),
            ApiJson.Default.MachineDocument);
    }

    /// <summary>A machine in a list; null when it was removed since it was listed.</summary>
    private async Task<MachineSummary?> SummaryAsync(string name, CancellationToken cancellation)
    {
        var links = MachineLinks.Of(name);
        try
        {
            if (await Manifests.FindAsync(name, cancellation) is not { } manifest) return null;
            var newest = await MachineReading.NewestAsync(manifest, cancellation);
            return new MachineSummary(
                name, newest?.Number, MachineReading.Count(manifest.Head), newest?.Time,
                newest?.Disks.Sum(d => d.SizeBytes) ?? 0, null, links);
        }
        catch (CorruptObjectException error)
        {
            // One damaged manifest must not hide all other machines.
            return new MachineSummary(name, null, 0, null, 0, error.Message, links);
        }
    }

    private static IReadOnlyList<MachineDisk> DisksOf(string machine, VersionRecord? newest) =>
        newest is null ? [] :
        [
            .. newest.Disks.Select(d => new MachineDisk(
                d.Name, d.SizeBytes, d.SizeBytes, d.Node.ToString(),
                Links.Disk(machine, newest.Number, d.Name))),
        ];

    /// <summary>
    /// Whether a machine is listed behind another: in the order of their heads' names, where what
    /// follows the machine's name counts too ('a-b' comes before 'a', as '-' is before '/').
    /// </summary>
    private static bool IsBehind(string name, string after) =>
        string.CompareOrdinal($"{name}/", $"{after}/") > 0;
}
