using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Xunit;

namespace SnapshotFunctions.AzuriteTests;

/// <summary>
/// One Azurite for all tests of this project: a process of its own on a free port, with two
/// accounts and nothing on disk. Tests keep apart by containers with names of their own.
/// </summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private const int Attempts = 3;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
    private Process? _process;
    private int _port;
    private int _tablePort;
    private int _queuePort;
    private int _containers;

    /// <summary>The first account's connection string.</summary>
    public string First => Connection("first");

    /// <summary>The second account's connection string.</summary>
    public string Second => Connection("second");

    /// <summary>The secret of both accounts, which no message may show.</summary>
    public string Key => _key;

    /// <summary>A container name that no other test has.</summary>
    public string NewContainer() => $"c{Interlocked.Increment(ref _containers):D6}";

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        var script = await AzuritePackage.FindAsync();
        for (var attempt = 1; ; attempt++)
        {
            // The port is free when it is chosen; should somebody take it first, another is tried.
            (_port, _tablePort, _queuePort) = (FreePort(), FreePort(), FreePort());
            _process = Start(script);
            var said = _process.StandardError.ReadToEndAsync();
            if (await AnswersAsync())
                return;
            Stop();
            if (attempt == Attempts)
                throw new InvalidOperationException($"Azurite did not start: {await said}");
        }
    }

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        Stop();
        return Task.CompletedTask;
    }

    private Process Start(string script)
    {
        var start = new ProcessStartInfo("node")
        {
            ArgumentList =
            {
                script, "--blobHost", "127.0.0.1", "--blobPort", $"{_port}",
                "--tableHost", "127.0.0.1", "--tablePort", $"{_tablePort}",
                "--queueHost", "127.0.0.1", "--queuePort", $"{_queuePort}",
                "--silent", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck",
            },
            Environment = { ["AZURITE_ACCOUNTS"] = $"first:{_key};second:{_key}" },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)
            ?? throw new InvalidOperationException("node was not started.");

        // Read and dropped: a full pipe would stop Azurite.
        process.BeginOutputReadLine();
        return process;
    }

    private async Task<bool> AnswersAsync()
    {
        var clock = Stopwatch.StartNew();
        var client = new BlobServiceClient(
            First, new BlobClientOptions { Retry = { MaxRetries = 0 } });
        while (clock.Elapsed < StartTimeout && !_process!.HasExited)
        {
            try
            {
                await client.GetPropertiesAsync();
                return true;
            }
            catch (Azure.RequestFailedException error) when (error.Status == 0)
            {
                await Task.Delay(100);
            }
        }

        return false;
    }

    private void Stop()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process?.Dispose();
        _process = null;
    }

    private string Connection(string account) =>
        $"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={_key};"
        + $"BlobEndpoint=http://127.0.0.1:{_port}/{account};"
        + $"TableEndpoint=http://127.0.0.1:{_tablePort}/{account};";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
