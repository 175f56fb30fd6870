using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SnapshotFunctions.Local.Nbd;

namespace SnapshotFunctions.LocalTests.Nbd;

/// <summary>A server over a disk in memory.</summary>
internal sealed class NbdBench : IAsyncDisposable
{
    public NbdBench(
        bool isWritable = true, NbdLimits? limits = null, TimeProvider? time = null,
        int sizeBytes = 3 << 20)
    {
        var content = new byte[sizeBytes];
        // Data, then zeros, then data.
        new Random(1).NextBytes(content.AsSpan(0, sizeBytes / 3));
        new Random(2).NextBytes(content.AsSpan(sizeBytes / 3 * 2));
        Export = new MemoryExport(content, isWritable);
        Server = new NbdServer(
            Export, limits ?? new NbdLimits(), time ?? TimeProvider.System, NullLogger.Instance);
        Address = Server.Listen(new IPEndPoint(IPAddress.Loopback, 0));
    }

    public MemoryExport Export { get; }

    public NbdServer Server { get; }

    public IPEndPoint Address { get; }

    public Task<RawNbd> ConnectAsync() => RawNbd.ConnectAsync(Address);

    /// <summary>A client past its handshake.</summary>
    public async Task<RawNbd> GoAsync(bool structured = true, bool allocation = true)
    {
        var client = await ConnectAsync();
        await client.HelloAsync();
        if (structured) await client.AckedAsync(8, []);
        if (structured && allocation)
            await client.OptionAsync(10, RawNbd.Query("disk0", "base:allocation"));
        await client.OptionAsync(7, RawNbd.Name("disk0"));
        return client;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
