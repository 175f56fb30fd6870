using System.Buffers;
using System.CommandLine;
using System.Text.Json;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.Local.Rendering;

namespace SnapshotFunctions.Local.Commands;

/// <summary><c>read</c>: writes a range of a version's disk out.</summary>
internal static class ReadCommand
{
    private const int PieceBytes = 4 << 20;
    private const int MostJsonBytes = 16 << 20;

    /// <summary>The command.</summary>
    public static Command Create(CommandShell shell)
    {
        var machine = Inputs.Machine();
        var version = Inputs.Version("version");
        var disk = Inputs.Disk();
        var offset = Amount("--offset", "The first byte.");
        var length = Amount("--length", "How many bytes.");
        var command = new Command("read", "Write a range of a version's disk to standard output.")
        {
            machine, version, offset, length, disk,
        };
        return shell.Bind(command, async (parse, session, cancellation) =>
        {
            using var engine = await session.OpenAsync(create: false, cancellation);
            var view = await engine.Views.OpenAsync(
                parse.GetValue(machine)!, Inputs.VersionOf(parse.GetValue(version)),
                parse.GetValue(disk), cancellation);
            var range = Checked(view, parse.GetValue(offset), parse.GetValue(length));
            if (session.Json) await WriteJsonAsync(session, view, range, cancellation);
            else await WriteAsync(session.Console.Output, view, range, cancellation);
            return ExitCodes.Ok;
        });
    }

    private static Option<long> Amount(string name, string description)
    {
        var option = new Option<long>(name)
        {
            Description = description, HelpName = "BYTES", Required = true,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long>() < 0) result.AddError($"{name}: expected 0 or more.");
        });
        return option;
    }

    private static ByteRange Checked(DiskView view, long offset, long length) =>
        offset <= view.SizeBytes && length <= view.SizeBytes - offset
            ? new ByteRange(offset, offset + length)
            : throw new RefusedException(
                "range",
                $"Disk '{view.Disk.Name}' has {view.SizeBytes} bytes at version {view.Version}; "
                + $"{length} bytes at {offset} do not lie within it.");

    private static async Task WriteAsync(
        Stream output, DiskView view, ByteRange range, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(PieceBytes, range.Length));
        try
        {
            for (var at = range.Offset; at < range.End;)
            {
                // Pieces end where windows of the view do, so that no block is read twice.
                var end = Math.Min(range.End, (at / PieceBytes * PieceBytes) + PieceBytes);
                var piece = buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - at));
                await view.ReadAsync(at, piece, cancellation);
                await output.WriteAsync(piece, cancellation);
                at += piece.Length;
            }
            await output.FlushAsync(cancellation);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task WriteJsonAsync(
        CommandSession session, DiskView view, ByteRange range, CancellationToken cancellation)
    {
        if (range.Length > MostJsonBytes)
        {
            throw new RefusedException(
                "range", $"With --json at most {MostJsonBytes} bytes are read at once.");
        }
        var data = new byte[range.Length];
        await view.ReadAsync(range.Offset, data, cancellation);
        session.Write(
            new ReadDocument(
                view.Machine, view.Version, view.Disk.Name, range.Offset, range.Length, data),
            DocumentJson.Default.ReadDocument,
            _ => { });
    }
}
