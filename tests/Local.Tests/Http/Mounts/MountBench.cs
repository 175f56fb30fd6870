using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using SnapshotFunctions.LocalTests.Http.Rigging;
using SnapshotFunctions.TestShared.Stores;
using Xunit;

namespace SnapshotFunctions.LocalTests.Http.Mounts;

/// <summary>A machine of two disks and three versions behind the API, and a mount of the second.</summary>
internal sealed class MountBench : IAsyncDisposable
{
    public const int SystemBytes = 40 * 1024;
    public const int DataBytes = 17_100;

    private MountBench(ApiBench api) => Api = api;

    public ApiBench Api { get; }

    /// <summary>The bytes of the mounted version's disks, and then of the mount's.</summary>
    public Dictionary<string, byte[]> Disks { get; } = new(StringComparer.Ordinal);

    /// <summary>The mount's path.</summary>
    public string Path { get; private set; } = string.Empty;

    public string Id => Path.Split('/')[^1];

    public static async Task<MountBench> StartAsync()
    {
        var bench = new MountBench(await ApiBench.StartAsync());
        for (var version = 1; version <= 3; version++)
        {
            var (system, data) = (ApiBench.Content(version), ApiBench.Content(version + 10));
            data = data[..DataBytes];
            await bench.Api.IngestWithFileAsync(
                "vm", null, null, ("nvram", [1, 2, (byte)version]), ("disk0", system),
                ("disk1", data));
            if (version == 2) (bench.Disks["disk0"], bench.Disks["disk1"]) = (system, data);
        }
        bench.Path = await bench.OpenAsync();
        return bench;
    }

    public async Task<string> OpenAsync()
    {
        using var answer = await Api.PostAsync("/api/machines/vm/versions/2/mounts", null);
        Assert.Equal(201, (int)answer.StatusCode);
        var path = answer.Headers.Location!.OriginalString;
        var mount = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(path, mount["links"]!["self"]!.GetValue<string>());
        Assert.Equal("open", mount["state"]!.GetValue<string>());
        return path;
    }

    public string DiskOf(string disk) => $"{Path}/disks/{disk}";

    /// <summary>Writes, and keeps what it wrote.</summary>
    public async Task WriteAsync(string disk, int offset, byte[] bytes)
    {
        using var answer = await PutAsync(
            disk, $"bytes {offset}-{offset + bytes.Length - 1}/{Disks[disk].Length}",
            new ByteArrayContent(bytes));
        Assert.Equal(204, (int)answer.StatusCode);
        bytes.CopyTo(Disks[disk], offset);
    }

    public Task<HttpResponseMessage> PutAsync(
        string disk, string? range, HttpContent content, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, DiskOf(disk)) { Content = content };
        if (range is not null) content.Headers.TryAddWithoutValidation("Content-Range", range);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Api.Client.SendAsync(request);
    }

    public async Task<byte[]> ReadAsync(string path, string? range = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (range is not null) request.Headers.Range = RangeHeaderValue.Parse(range);
        using var answer = await Api.Client.SendAsync(request);
        Assert.Equal(range is null ? 200 : 206, (int)answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    public Task<HttpResponseMessage> SendAsync(
        string method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return Api.Client.SendAsync(request);
    }

    /// <summary>All that is stored of mounts.</summary>
    public List<ObjectFingerprint> Stored() => [.. Api.Base.Fingerprint("machines/vm/mounts/")];

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
