using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Local.Demo;

/// <summary>The demo's images, which lie beside the program with their sums.</summary>
internal static class DemoImages
{
    private const string Sums = "SHA256SUMS.raw";

    /// <summary>The images in the order of versions.</summary>
    /// <exception cref="NoSuchException">They were not installed with the program.</exception>
    public static IReadOnlyList<DemoImage> Find()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "demo");
        var sums = Path.Combine(folder, Sums);
        if (!File.Exists(sums))
        {
            throw new NoSuchException(
                $"file '{sums}'", "The demo's images belong beside the program: build it whole.");
        }
        return
        [
            .. File.ReadLines(sums)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(parts => parts.Length == 3)
                .Select(parts => new DemoImage(
                    Path.Combine(folder, parts[1]), Hash256.Parse(parts[0]), long.Parse(parts[2]))),
        ];
    }
}
