using System.Diagnostics.Metrics;
using SnapshotFunctions.Local.Serving;
using Xunit;

namespace SnapshotFunctions.LocalTests.Serving;

public sealed class ServeMetricsTests
{
    [Fact]
    public void Who_sees_no_request_under_way_finds_all_of_them_counted()
    {
        using var metrics = new ServeMetrics();
        var order = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter, metrics.Meter))
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>(
            (i, value, _, _) => order.Add($"{i.Name} {value}"));
        listener.SetMeasurementEventCallback<double>((i, _, _, _) => order.Add(i.Name));
        listener.Start();

        metrics.RequestBegun();
        metrics.RequestEnded("PUT", "UploadDisk", 201, 7, 9, TimeSpan.FromSeconds(1));

        Assert.Equal("snapshots.http.active_requests 1", order[0]);
        Assert.Equal("snapshots.http.active_requests -1", order[^1]);
        Assert.Equal(
            [
                "snapshots.http.duration", "snapshots.http.requests 1", "snapshots.http.sent 9",
                "snapshots.http.uploaded 7",
            ],
            order[1..^1].Order(StringComparer.Ordinal));
    }
}
