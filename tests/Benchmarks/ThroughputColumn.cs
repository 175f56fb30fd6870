using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace SnapshotFunctions.Benchmarks;

/// <summary>
/// Megabytes a second: what a benchmark goes through in one call, which its class says in a
/// constant <c>WorkBytes</c>, by the mean time of a call.
/// </summary>
internal sealed class ThroughputColumn : IColumn
{
    public string Id => nameof(ThroughputColumn);

    public string ColumnName => "MB/s";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => "Megabytes (10^6 bytes) of blocks a second";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(benchmarkCase);
        var bytes = benchmarkCase.Descriptor.Type.GetField("WorkBytes")?.GetRawConstantValue();
        return bytes is int count && summary[benchmarkCase]?.ResultStatistics is { } result
            ? (count / result.Mean * 1000).ToString("N0", CultureInfo.InvariantCulture) : "-";
    }

    public string GetValue(
        Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
        GetValue(summary, benchmarkCase);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => true;
}
