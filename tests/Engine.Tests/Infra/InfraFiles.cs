using SnapshotFunctions.EngineTests.Layering;
using SnapshotFunctions.TestShared.Sources;

namespace SnapshotFunctions.EngineTests.Infra;

/// <summary>The files that `azd up` goes by, found and read.</summary>
internal static class InfraFiles
{
    /// <summary>How long a pattern of these tests may search one file.</summary>
    public const int MatchMilliseconds = 10_000;

    /// <summary>Every template, by its path from the root of the repository.</summary>
    public static IReadOnlyList<BicepFile> Templates { get; } = ReadTemplates();

    /// <summary>The template that azd deploys.</summary>
    public static BicepFile Main => Template("infra/main.bicep");

    /// <summary>What explains the templates.</summary>
    public static string Readme { get; } = Text("infra/README.md");

    /// <summary>A template by its path.</summary>
    public static BicepFile Template(string path) =>
        Templates.Single(template => template.Path == path);

    /// <summary>A file's text, by its path from the root of the repository.</summary>
    public static string Text(string path) => File.ReadAllText(Absolute(path));

    /// <summary>Whether there is such a file or folder.</summary>
    public static bool Exists(string path) => Path.Exists(Absolute(path));

    /// <summary>The files below infra/ that end so, as paths from the root.</summary>
    public static IEnumerable<string> Below(string folder, string pattern) =>
        Directory.EnumerateFiles(Absolute(folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(path => !path.Contains("/bin/", StringComparison.Ordinal)
                && !path.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>A path from the root, made absolute.</summary>
    public static string Absolute(string path) => Path.Combine(Repository.Root, path);

    private static List<BicepFile> ReadTemplates()
    {
        var found = Below("infra", "*.bicep").Select(path => BicepFile.Parse(path, Text(path)))
            .ToList();

        // A parser that finds nothing would let every test below pass.
        return found.Count > 8 && found.Sum(template => template.Parameters.Count) > 50
            ? found
            : throw new InvalidDataException("Hardly any template or parameter was found.");
    }
}
