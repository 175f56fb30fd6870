using System.CommandLine;
using System.Net;
using SnapshotFunctions.Engine.Flows.Ingestion;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Serving;
using SnapshotFunctions.Local.Serving.Web;

namespace SnapshotFunctions.Local.Commands;

/// <summary>The options of <c>serve</c>, and what they come to.</summary>
internal sealed class ServeOptions
{
    private const string Nowhere = "none";

    private readonly Option<string[]> _listen = new("--listen")
    {
        Description = "Serve the HTTP API there: 127.0.0.1:8250 (the default), [::1]:8250, *:8250. "
            + "More than once for more addresses; port 0 is any free one; 'none' for no API.",
        HelpName = "ADDRESS:PORT",
    };

    private readonly Option<ushort?> _port = new("--port")
    {
        Description = "The same as --listen 127.0.0.1:PORT.",
        HelpName = "PORT",
    };

    private readonly Option<bool> _public = new("--public")
    {
        Description = "Let --listen name addresses that other machines can reach; needs a key.",
    };

    private readonly Option<string?> _keyFile = Folder(
        "--key-file", "FILE",
        "A file with the key that callers must have, 24 characters at least. Default: the variable "
        + $"{AccessKey.Variable}; without either no key is asked for.");

    private readonly Option<string?> _incoming = Folder(
        "--incoming", "FOLDER",
        "The folder to watch. Default: 'incoming' in the store's folder. Bad uploads are moved to "
        + "'quarantine' beside it.");

    private readonly Option<string?> _state = Folder(
        "--state", "FOLDER",
        "What this process keeps for itself: jobs that only read. Default: 'serve' in the store's "
        + "folder, else beside the incoming one.");

    private readonly Option<string?> _restores = Folder(
        "--restores", "FOLDER",
        "Where restores over HTTP put their files. Default: 'restored' beside the incoming folder.");

    private readonly Option<string> _upkeep = new("--upkeep")
    {
        Description = "When machines are looked after (retention, tiers, verification), by UTC: "
            + "02:00, or 02:00/6h for every six hours from then on; 'off' for never by itself.",
        HelpName = "TIME",
        DefaultValueFactory = _ => UpkeepSetting.Default,
    };

    private readonly Option<string?> _like = new("--like")
    {
        Description = "Store each new machine against the one that it is most like, if any "
            + "('auto'), or by itself ('none'); what an upload says itself wins. Default: the "
            + $"variable {LikeSetting.Variable}, else none.",
        HelpName = "auto|none",
    };

    /// <summary>Makes the options.</summary>
    public ServeOptions()
    {
        _upkeep.Validators.Add(result =>
        {
            if (!UpkeepSetting.TryParse(result.GetValueOrDefault<string>(), out _))
                result.AddError("--upkeep: expected HH:MM, HH:MM/TIME (1h to 1d, a part of a day) or off.");
        });
        _listen.Validators.Add(result =>
        {
            foreach (var text in result.Tokens.Select(t => t.Value))
            {
                if (text is not Nowhere && ListenAddress.Parse(text) is null)
                    result.AddError($"--listen: expected ADDRESS:PORT, found '{text}'.");
            }
        });
    }

    /// <summary>Puts the options on a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[]
        {
            _listen, _port, _public, _keyFile, _incoming, _state, _restores, _upkeep, _like,
        }) command.Add(option);
        command.Validators.Add(result =>
        {
            var listen = result.GetValue(_listen) ?? [];
            if (listen.Length > 0 && result.GetValue(_port) is not null)
                result.AddError("serve: give either --listen or --port.");
            else if (listen.Length > 1 && listen.Contains(Nowhere, StringComparer.Ordinal))
                result.AddError("serve: --listen none goes with no other address.");
        });
    }

    /// <summary>What they come to.</summary>
    /// <exception cref="RefusedException">They do not go together, or with the store.</exception>
    public ServeSetting Read(ParseResult parse, OpenStore store)
    {
        var named = parse.GetValue(_incoming);
        var incoming = named is null ? store.IncomingFolder : Path.GetFullPath(named);
        if (incoming is null)
        {
            throw new RefusedException(
                "incoming", "This store has no folder of its own: name one with --incoming.");
        }
        var beside = Path.GetDirectoryName(incoming) ?? incoming;
        return new ServeSetting(
            incoming,
            Path.GetFullPath(
                parse.GetValue(_state) ?? Path.Combine(store.Folder ?? beside, "serve")),
            Path.GetFullPath(parse.GetValue(_restores) ?? Path.Combine(beside, "restored")),
            ReadWeb(parse),
            UpkeepSetting.TryParse(parse.GetValue(_upkeep), out var upkeep) ? upkeep : null,
            LikeSetting.Read(
                parse.GetValue(_like)
                ?? Environment.GetEnvironmentVariable(LikeSetting.Variable)));
    }

    private WebSetting? ReadWeb(ParseResult parse)
    {
        var listen = parse.GetValue(_listen) ?? [];
        if (listen is [Nowhere]) return null;
        IPEndPoint[] addresses = parse.GetValue(_port) is { } port
            ? [new IPEndPoint(IPAddress.Loopback, port)]
            : listen.Length == 0 ? [ListenAddress.Default]
            : [.. listen.Select(l => ListenAddress.Parse(l)!)];
        return new WebSetting(
            addresses, parse.GetValue(_public), AccessKey.Read(parse.GetValue(_keyFile)));
    }

    private static Option<string?> Folder(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };
}
