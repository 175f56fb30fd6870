using System.CommandLine;
using System.Globalization;
using System.Net;
using SnapshotFunctions.Local.Mounting;

namespace SnapshotFunctions.Local.Commands;

/// <summary>Where and how a mount is served, as a user writes it.</summary>
internal sealed class MountOptions
{
    /// <summary>The port that NBD clients try by themselves.</summary>
    private const int DefaultPort = 10809;

    private const int DefaultCacheMegabytes = 128;

    private readonly Option<ushort?> _port = new("--port")
    {
        Description = "The TCP port; 0 is any free one. Default: 10809, unless --unix is given.",
        HelpName = "PORT",
    };

    private readonly Option<string?> _unix = new("--unix")
    {
        Description = "A Unix socket to serve at, for this user alone.",
        HelpName = "PATH",
    };

    private readonly Option<string?> _bind = new("--bind")
    {
        Description = "The TCP address. Default: 127.0.0.1. NBD has no passwords and no encryption: "
            + "whoever reaches another address can read the disk, and write to a writable one.",
        HelpName = "ADDRESS",
    };

    private readonly Option<int> _cache = new("--cache")
    {
        Description = "How much of what was read is kept in memory. Default: 128.",
        HelpName = "MIB",
        DefaultValueFactory = _ => DefaultCacheMegabytes,
    };

    /// <summary>Makes the options.</summary>
    public MountOptions()
    {
        _bind.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !IPAddress.TryParse(text, out _))
                result.AddError($"--bind: expected an IP address, found '{text}'.");
        });
        _cache.Validators.Add(result =>
        {
            if (!int.TryParse(
                result.Tokens.Count == 0 ? "1" : result.Tokens[0].Value, NumberStyles.None,
                CultureInfo.InvariantCulture, out var size) || size is < 1 or > 65536)
                result.AddError("--cache: expected 1 to 65536 MiB.");
        });
    }

    /// <summary>Where mounts lie.</summary>
    public Option<string?> State { get; } = StateOption();

    /// <summary>Puts the options on a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _port, _unix, _bind, _cache, State })
            command.Add(option);
    }

    /// <summary>What they come to.</summary>
    public MountSetting Read(ParseResult parse, string? disk)
    {
        var unix = parse.GetValue(_unix);
        var (port, bind) = (parse.GetValue(_port), parse.GetValue(_bind));
        var address = unix is not null && port is null && bind is null
            ? null
            : new IPEndPoint(
                bind is null ? IPAddress.Loopback : IPAddress.Parse(bind), port ?? DefaultPort);
        return new MountSetting(
            address, unix is null ? null : Path.GetFullPath(unix), disk,
            (long)parse.GetValue(_cache) << 20);
    }

    /// <summary>The option that names the folder of mounts.</summary>
    public static Option<string?> StateOption() => new("--state")
    {
        Description = "Where mounts are kept. Default: 'mounts' in the store's folder, else in your "
            + "data directory.",
        HelpName = "FOLDER",
    };
}
