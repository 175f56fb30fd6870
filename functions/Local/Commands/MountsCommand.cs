using System.CommandLine;
using SnapshotFunctions.Local.Mounting;
using SnapshotFunctions.Local.Rendering;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>mounts</c>: shows the mounts of a store, served or left.</summary>
internal static class MountsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var state = MountOptions.StateOption();
        return shell.Bind(
            new Command("mounts", "Show the mounts: those that are served, and writable ones.")
            {
                state,
            },
            async (parse, session, cancellation) =>
            {
                using var engine = await session.OpenAsync(create: false, cancellation);
                var mounts = new MountStore(
                    engine, MountStore.RootOf(engine.Store, parse.GetValue(state)));
                await mounts.SweepAsync(cancellation);
                var documents = mounts.List().Select(r => new MountStateDocument(
                    r.Id, r.Machine, r.Version, r.IsWritable, mounts.IsServed(r),
                    r.Job is not null, r.Time, MountFolder.DataBytes(mounts.Root, r))).ToList();
                session.Write(
                    new MountsDocument(documents), DocumentJson.Default.MountsDocument,
                    text =>
                    {
                        var writer = text.Profile.Out.Writer;
                        if (documents.Count == 0) writer.WriteLine("There are no mounts.");
                        foreach (var mount in documents) writer.WriteLine(Words(mount));
                    });
                return ExitCodes.Ok;
            });
    }

    private static string Words(MountStateDocument mount)
    {
        var kind = mount.IsWritable
            ? $"writable, {Amounts.Bytes(mount.DataBytes)} written" : "read-only";
        var state = mount.IsServed ? "served" : mount.IsCommitting ? "being committed" : "left";
        return $"{mount.Id}  {mount.Machine} version {mount.Version}  {state}, {kind}, since "
            + Amounts.Time(mount.Time);
    }
}
