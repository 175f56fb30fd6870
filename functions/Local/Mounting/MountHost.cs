using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;
using SnapshotFunctions.Local.Hosting;
using SnapshotFunctions.Local.Mounting.Overlays;
using SnapshotFunctions.Local.Nbd;

namespace SnapshotFunctions.Local.Mounting;

/// <summary>Serves a mount's disks over NBD until it is disposed of; then all is written down.</summary>
internal sealed class MountHost : IAsyncDisposable
{
    /// <summary>Shards that one disk keeps resolved.</summary>
    private const int ShardsOfView = 16;

    private readonly BlockCache _cache;
    private readonly List<OverlayDisk> _overlays = [];
    private NbdServer? _server;

    private MountHost(long cacheBytes) => _cache = new BlockCache(cacheBytes);

    /// <summary>What is served.</summary>
    public IReadOnlyList<MountedDisk> Disks { get; private set; } = [];

    /// <summary>Begins to serve.</summary>
    /// <exception cref="RefusedException">"mount-address": it cannot be had.</exception>
    public static async Task<MountHost> StartAsync(
        LocalEngine engine, MountFolder folder, MountSetting setting, NbdLimits limits,
        ILogger logger, CancellationToken cancellation)
    {
        var host = new MountHost(setting.CacheBytes);
        try
        {
            var exports = await host.OpenAsync(engine, folder, setting, cancellation);
            host._server = new NbdServer(exports, limits, engine.Time, logger);
            host.Listen(folder.Record, setting, exports.Names);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        foreach (var overlay in _overlays)
        {
            try
            {
                await overlay.CloseAsync(CancellationToken.None);
            }
            finally
            {
                overlay.Dispose();
            }
        }
        _overlays.Clear();
        _cache.Dispose();
    }

    private async Task<MountExports> OpenAsync(
        LocalEngine engine, MountFolder folder, MountSetting setting,
        CancellationToken cancellation)
    {
        var record = folder.Record;
        var views = new ViewOpener(
            engine.Manifests, engine.Services.Resolver, engine.Time,
            new ViewOptions(MostShards: ShardsOfView));
        var manifest = await engine.Manifests.LoadAsync(record.Machine, cancellation);
        var version = await ViewOpener.FindAsync(manifest, record.Version, cancellation);
        var exports = new List<(string, INbdExport)>();
        foreach (var disk in record.Disks)
        {
            if (setting.Disk is not null
                && !string.Equals(disk.Name, setting.Disk, StringComparison.Ordinal)) continue;
            var stored = version.Disks.First(
                d => string.Equals(d.Name, disk.Name, StringComparison.Ordinal));
            var shards = await DiskShards.WithDataAsync(
                manifest, stored, version.Number, cancellation);
            var cached = new CachedDisk(
                views.Open(manifest, version, stored), shards, _cache, exports.Count);
            // The first client's first byte shall not wait for the indexes.
            await cached.PrefetchAsync(
                new ByteRange(0, Math.Min(cached.SizeBytes, 64 << 10)), cancellation);
            exports.Add((disk.Name, Export(folder, disk, cached)));
        }
        return exports.Count > 0
            ? new MountExports(record.Machine, record.Version, exports)
            : throw new NoSuchException(
                $"disk '{setting.Disk}' in this mount",
                $"It has {string.Join(", ", record.Disks.Select(d => d.Name))}.");
    }

    private INbdExport Export(MountFolder folder, MountDisk disk, CachedDisk cached)
    {
        if (!folder.Record.IsWritable) return new ViewExport(cached);
        var overlay = folder.OpenOverlay(disk, cached.ReadAsync);
        _overlays.Add(overlay);
        return new OverlayExport(cached, overlay);
    }

    private void Listen(MountRecord record, MountSetting setting, IReadOnlyList<string> names)
    {
        var uris = new List<Func<string, string>>();
        try
        {
            if (setting.Address is { } wanted)
            {
                var address = _server!.Listen(wanted);
                var host = Reachable(address);
                uris.Add(disk => $"nbd://{host}/{Uri.EscapeDataString(disk)}");
            }
            if (setting.UnixPath is { } path)
            {
                _server!.Listen(path);
                var socket = Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal);
                uris.Add(disk => $"nbd+unix:///{Uri.EscapeDataString(disk)}?socket={socket}");
            }
        }
        catch (SocketException error)
        {
            throw new RefusedException(
                "mount-address",
                $"The address cannot be had: {error.Message}. Give another one with --port "
                + "(0 is any free one), --bind or --unix.");
        }
        Disks = [.. record.Disks.Where(d => names.Contains(d.Name, StringComparer.Ordinal))
            .Select(d => new MountedDisk(d.Name, d.SizeBytes, [.. uris.Select(u => u(d.Name))]))];
    }

    /// <summary>An address that clients of this machine can take.</summary>
    private static IPEndPoint Reachable(IPEndPoint address) =>
        address.Address.Equals(IPAddress.Any) ? new IPEndPoint(IPAddress.Loopback, address.Port)
        : address.Address.Equals(IPAddress.IPv6Any)
            ? new IPEndPoint(IPAddress.IPv6Loopback, address.Port)
            : address;
}
