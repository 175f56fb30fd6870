using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Local.Serving.Web;
using Xunit;

namespace SnapshotFunctions.LocalTests.Serving;

public sealed class WebHostTests
{
    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:1234", 200)]
    [InlineData("127.0.0.1:80", 200)]
    [InlineData("127.9.9.9", 200)]
    [InlineData("[::1]:80", 200)]
    [InlineData("evil.example", 403)]
    [InlineData("localhost.evil.example", 403)]
    [InlineData("10.0.0.1", 403)]
    [InlineData("127.0.0.1.nip.io", 403)]
    public async Task Without_a_key_only_names_of_this_machine_are_answered(string host, int status)
    {
        await using var bench = await WebBench.StartAsync();
        foreach (var path in new[] { "/api/machines", "/healthz" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = host;
            using var answer = await bench.Client.SendAsync(request);
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", "http://localhost:1", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-site", 403)]
    [InlineData("Sec-Fetch-Site", "none", 404)]
    [InlineData("Origin", null, 404)]
    public async Task A_page_of_another_origin_changes_nothing(string name, string? value, int status)
    {
        await using var bench = await WebBench.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/machines/web/undo");
        request.Headers.Add(name, value ?? bench.Client.BaseAddress!.ToString().TrimEnd('/'));
        using var answer = await bench.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/", 404, null)]
    [InlineData("GET", "/api", 404, null)]
    [InlineData("GET", "/api/nothing", 404, null)]
    [InlineData("PUT", "/api/machines", 405, "GET")]
    [InlineData("POST", "/healthz", 405, "GET, HEAD")]
    [InlineData("DELETE", "/api/machines/web/undo", 405, "POST")]
    [InlineData("BREW", "/api/machines", 405, "GET")]
    public async Task What_is_not_there_is_told_as_a_problem(
        string method, string path, int status, string? allow)
    {
        await using var bench = await WebBench.StartAsync();
        using var answer = await bench.Client.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), path));
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(status, problem["status"]!.GetValue<int>());
        Assert.Equal(path, problem["instance"]!.GetValue<string>());
        Assert.Equal(allow, allow is null ? null : string.Join(", ", answer.Content.Headers.Allow));
        Assert.Single(answer.Headers.GetValues("X-Trace-Id"));
    }

    [Fact]
    public async Task Header_floods_end_with_431_and_the_host_stays_well()
    {
        await using var bench = await WebBench.StartAsync();
        var start = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n";
        var many = string.Concat(Enumerable.Range(0, 70).Select(i => $"X-{i}: 1\r\n"));
        var flood = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"X-{i}: 1\r\n"));
        var wide = $"X: {new string('a', 64 << 10)}\r\n";

        await AnsweredAsync("431", $"{start}{many}\r\n");
        await AnsweredAsync("400", "GET / HTTP/1.1\r\n\r\n");
        await AnsweredAsync("400", "\0\u0001\r\n\r\n");
        await CutOffAsync("431", $"{start}{flood}\r\n");
        await CutOffAsync("431", $"{start}{wide}\r\n");
        await CutOffAsync("414", $"GET /{new string('a', 64 << 10)} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(HttpStatusCode.OK, (await bench.Client.GetAsync("/healthz")).StatusCode);

        async Task AnsweredAsync(string status, string request) => Assert.StartsWith(
            $"HTTP/1.1 {status}", await bench.SendRawAsync(request), StringComparison.Ordinal);

        // The answer may get lost, as the host closes while more is being sent.
        async Task CutOffAsync(string status, string request)
        {
            var answer = await bench.SendRawAsync(request);
            Assert.True(
                answer.Length == 0
                || answer.StartsWith($"HTTP/1.1 {status}", StringComparison.Ordinal), answer);
        }
    }

    [Fact]
    public async Task Headers_that_come_too_slowly_are_not_waited_for()
    {
        await using var bench = await WebBench.StartAsync(
            new WebLimits { HeaderTime = TimeSpan.FromMilliseconds(300) });

        var answer = await bench.SendRawAsync(
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_is_not_waited_for()
    {
        await using var bench = await WebBench.StartAsync(
            new WebLimits { SlowTime = TimeSpan.FromSeconds(1.5) }, demoVersions: 1);

        var answer = await bench.SendRawAsync(
            "POST /api/machines/web/consolidate HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Length: 100\r\n\r\n{");

        // Kestrel closes such a connection; the answer comes if it can still be sent.
        Assert.True(
            answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal), answer);
    }

    [Fact]
    public async Task A_JSON_body_beyond_the_limit_is_refused()
    {
        await using var bench = await WebBench.StartAsync(demoVersions: 1);
        using var answer = await bench.Client.PostAsync(
            "/api/machines/web/consolidate",
            new StringContent($$"""{"base": 1{{new string(' ', 300 << 10)}}}""", Encoding.UTF8, "application/json"));

        Assert.Equal(413, (int)answer.StatusCode);
        Assert.DoesNotContain(
            (await bench.Jobs.ListAsync(new(), null, 10, default)).Jobs,
            j => j.Flow is "Consolidate");
    }

    [Fact]
    public async Task More_requests_than_the_limit_are_told_to_come_again()
    {
        await using var bench = await WebBench.StartAsync(
            new WebLimits { MostRequests = 1 }, demoVersions: 1);
        using var slow = new System.Net.Sockets.TcpClient();
        await slow.ConnectAsync(IPAddress.Loopback, bench.Client.BaseAddress!.Port);
        await slow.GetStream().WriteAsync(
            "POST /api/machines/web/consolidate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"u8
                .ToArray());

        // "Continue" is told when the handler asks for the body: from then on it holds the place.
        using var told = new StreamReader(slow.GetStream(), Encoding.ASCII, leaveOpen: true);
        Assert.Equal("HTTP/1.1 100 Continue", await told.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2)));
        using var answer = await bench.Client.GetAsync("/api/machines");
        slow.Close();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter!.Delta);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        await Waiting.UntilAsync(async () =>
            (await bench.Client.GetAsync("/api/machines")).StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task Requests_and_jobs_are_counted()
    {
        await using var bench = await WebBench.StartAsync(demoVersions: 2);
        var sums = new System.Collections.Concurrent.ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter, bench.Metrics.Meter))
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Add(i, value, tags));
        listener.SetMeasurementEventCallback<double>((i, _, tags, _) => Add(i, 1, tags));
        listener.Start();

        var disk = await bench.Client.GetByteArrayAsync("/api/machines/web/versions/1/disks/disk0");
        using var started = await bench.Client.PostAsync("/api/machines/web/verify", null);
        using var put = await bench.Client.PutAsync(
            "/api/machines/web/snapshots/s/disks/disk0?format=raw", new ByteArrayContent(new byte[8192]));
        using var missing = await bench.Client.GetAsync("/secret-path?key=secret-query");
        await Waiting.UntilAsync(() => sums.ContainsKey("snapshots.jobs.ended flow=Verify state=completed"));
        await Waiting.UntilAsync(() => Sum("snapshots.http.active_requests") == 0);

        Assert.Equal("SnapshotFunctions", bench.Metrics.Meter.Name);
        Assert.Equal(disk.Length, Sum("snapshots.http.sent route=GetDisk"));
        Assert.Equal(1, Sum("snapshots.http.requests method=GET route=GetDisk status=200"));
        Assert.Equal(1, Sum("snapshots.http.requests method=POST route=StartVerify status=202"));
        Assert.Equal(1, Sum("snapshots.http.requests method=GET route=none status=404"));
        Assert.Equal(1, Sum("snapshots.jobs.started flow=Verify"));
        Assert.Equal(1, Sum("snapshots.jobs.queue_wait flow=Verify"));
        Assert.True((int)put.StatusCode < 300, await put.Content.ReadAsStringAsync());
        Assert.Equal(8192, sums.Where(s => s.Key.StartsWith("snapshots.http.uploaded", StringComparison.Ordinal)).Sum(s => s.Value));
        var job = started.Headers.Location!.ToString().Split('/')[^1];
        // Each line is written by its own request, after the answer: neither need be the last.
        await Waiting.UntilAsync(() => bench.Log is { } log
            && log.Contains("\"status\":404", StringComparison.Ordinal)
            && log.Contains($"\"job\":\"{job}\"", StringComparison.Ordinal));
        Assert.DoesNotContain("secret", bench.Log, StringComparison.Ordinal);

        double Sum(string name) => sums.GetValueOrDefault(name);

        void Add(Instrument i, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var name = new StringBuilder(i.Name);
            foreach (var (key, tag) in tags) name.Append($" {key}={tag}");
            sums.AddOrUpdate(name.ToString(), value, (_, sum) => sum + value);
        }
    }

    [Fact]
    public async Task With_a_key_any_host_name_is_answered_and_pages_are_not_looked_at()
    {
        const string Key = "0123456789abcdef01234567";
        await using var bench = await WebBench.StartAsync(key: AccessKey.Of(Key, "the test"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/machines");
        request.Headers.Host = "snapshots.example";
        Assert.Equal(401, (int)(await bench.Client.GetAsync("/api/machines")).StatusCode);
        request.Headers.Add("Authorization", $"bearer {Key}");

        Assert.Equal(200, (int)(await bench.Client.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1:8250", "127.0.0.1:8250")]
    [InlineData("localhost:1", "127.0.0.1:1")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("*:80", "0.0.0.0:80")]
    [InlineData("::1:80", null)]
    [InlineData(":80", null)]
    [InlineData("80", null)]
    [InlineData("1:80", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("127.0.0.1:-1", null)]
    [InlineData(null, null)]
    public void Addresses_are_read_as_they_are_meant(string? text, string? address) =>
        Assert.Equal(address, ListenAddress.Parse(text)?.ToString());

    [Fact]
    public void A_key_that_is_too_short_is_refused_and_not_shown()
    {
        var error = Assert.Throws<RefusedException>(() => AccessKey.Of("0123456789abcdef0123456", "x"));
        Assert.DoesNotContain("0123", error.Message, StringComparison.Ordinal);
    }
}
