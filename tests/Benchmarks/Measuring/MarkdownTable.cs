using SnapshotFunctions.TestShared.Stores;

namespace SnapshotFunctions.Benchmarks.Measuring;

/// <summary>A table in Markdown, each row written as soon as it is known.</summary>
internal sealed class MarkdownTable
{
    /// <summary>Writes the table's head; the first columns are words, the others numbers.</summary>
    public MarkdownTable(string title, int words, params string[] columns)
    {
        Console.WriteLine($"\n{title}\n");
        Add(columns);
        Add([.. columns.Select((_, i) => i < words ? "---" : "---:")]);
    }

    /// <summary>Writes a row.</summary>
    public void Add(params string[] cells) =>
        Console.WriteLine($"| {string.Join(" | ", cells)} |");

    /// <summary>Writes a row about a command.</summary>
    public void Add(string what, string command, Measured measured) =>
        Add([what, command, .. Cells(measured)]);

    /// <summary>The columns of what a command took.</summary>
    public static string[] CostColumns =>
    [
        "s", "CPU s", "operations", "put", "read", "stage", "commit", "find", "list", "delete",
        "read MB", "written MB", "peak MiB",
    ];

    /// <summary>The cells of what a command took.</summary>
    public static string[] Cells(Measured measured)
    {
        var requests = measured.Requests;
        return
        [
            $"{measured.Wall.TotalSeconds:F2}", $"{measured.Processor.TotalSeconds:F2}",
            $"{requests.Operations}",
            $"{requests.CountOf(StoreOperationKind.Put)}",
            $"{requests.CountOf(StoreOperationKind.Read,
                StoreOperationKind.ReadWhole)}",
            $"{requests.CountOf(StoreOperationKind.StageBlock)}",
            $"{requests.CountOf(StoreOperationKind.CommitBlocks)}",
            $"{requests.CountOf(StoreOperationKind.Find)}",
            $"{requests.CountOf(StoreOperationKind.List)}",
            $"{requests.CountOf(StoreOperationKind.Delete)}",
            Millions(requests.BytesRead), Millions(requests.BytesWritten),
            $"{measured.PeakBytes >> 20}",
        ];
    }

    private static string Millions(long bytes) =>
        bytes < 100_000_000 ? $"{bytes / 1e6:F2}" : $"{bytes / 1e6:F0}";
}
