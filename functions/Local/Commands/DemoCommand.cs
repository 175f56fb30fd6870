using System.CommandLine;
using SnapshotFunctions.Engine.Costs;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Demo;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Rendering;
using Spectre.Console;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>demo</c>: shows on a small machine how versions are kept.</summary>
internal static class DemoCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell) => shell.Bind(
        new Command(
            "demo",
            "Keep five versions of a small machine, move its base to and fro, and compare every "
            + "version with what it must be. In a temporary store unless --store names one."),
        (parse, session, cancellation) =>
            RunAsync(session, parse.GetValue(shell.Store), cancellation));

    private static async Task<int> RunAsync(
        CommandSession session, string? store, CancellationToken cancellation)
    {
        var images = DemoImages.Find();
        using var folder = store is null ? new TemporaryFolder() : null;
        var setting = StoreSetting.Parse(store ?? folder!.Path);
        var prices = await PriceFile.ReadAsync(session.PricesFile, cancellation);
        using var engine = session.Open(
            await setting.OpenAsync(create: true, session.Time, cancellation), prices);
        if (await engine.Manifests.FindAsync(DemoRun.Machine, cancellation) is not null)
        {
            throw new RefusedException(
                "demo-exists",
                $"{engine.Store.Description} holds a machine '{DemoRun.Machine}' already: give "
                + "another store, or none for a temporary one.");
        }
        await using var drive = await session.EnterAsync(engine, DemoRun.Machine, cancellation);
        using var reading = engine.OpenReading();
        using var restored = new TemporaryFolder();
        var run = new DemoRun(session, engine, reading, restored.Path, cancellation);
        var (versions, catalog) = await run.RunAsync(images);
        var isExact = run.IsSound && versions.Count == images.Count
            && versions.All(v => v.IsExact);
        session.Write(
            new DemoDocument(
                engine.Store.Description, catalog.Base, versions,
                [.. catalog.Entries.Select(VersionTable.Document)], isExact),
            DocumentJson.Default.DemoDocument,
            text =>
            {
                text.Write(ChainPicture.Draw(catalog));
                text.WriteLine(ChainPicture.Legend);
                text.WriteLine(
                    isExact
                        ? $"All {versions.Count} versions are bit-exact, wherever the base stood."
                        : "NOT every version is bit-exact.",
                    new Style(isExact ? Color.Green : Color.Red, decoration: Decoration.Bold));
            });
        return isExact ? ExitCodes.Ok : ExitCodes.Damaged;
    }
}
