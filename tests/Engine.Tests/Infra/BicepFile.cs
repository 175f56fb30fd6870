using System.Text.RegularExpressions;

namespace SnapshotFunctions.EngineTests.Infra;

/// <summary>
/// What a Bicep template declares, as far as these tests ask: one line a parameter, output or
/// resource, as `bicep format` lays them out. The compiler itself is asked elsewhere; this needs
/// nothing but the files.
/// </summary>
internal sealed partial class BicepFile
{
    private BicepFile(string path, string text)
    {
        Path = path;
        Text = text;
        Parameters = ParameterLine().Matches(text)
            .ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Success,
                StringComparer.Ordinal);
        Outputs = OutputLine().Matches(text)
            .Select(m => m.Groups["name"].Value).ToList();
        Modules = ModuleBlock().Matches(text).Select(Module).ToList();
    }

    /// <summary>Where it lies, from the root of the repository.</summary>
    public string Path { get; }

    /// <summary>The whole of it.</summary>
    public string Text { get; }

    /// <summary>The parameters, and whether each has a default.</summary>
    public IReadOnlyDictionary<string, bool> Parameters { get; }

    /// <summary>The outputs.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>The modules that it uses.</summary>
    public IReadOnlyList<ModuleCall> Modules { get; }

    /// <summary>Each output of a module that it reads: the module's name, the output's.</summary>
    public IEnumerable<(string Module, string Output)> OutputsRead =>
        OutputRead().Matches(Text)
            .Select(m => (m.Groups["module"].Value, m.Groups["output"].Value)).Distinct();

    /// <summary>Reads a template.</summary>
    public static BicepFile Parse(string path, string text) =>
        new(path, text.ReplaceLineEndings("\n"));

    private ModuleCall Module(Match block)
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');
        return new ModuleCall(
            block.Groups["name"].Value,
            $"{folder}/{block.Groups["path"].Value}",
            Passed().Matches(block.Groups["params"].Value)
                .Select(m => m.Groups["name"].Value).ToList());
    }

    [GeneratedRegex(
        @"^param (?<name>\w+) [^=\n]+(?<value>= .+)?$",
        RegexOptions.Multiline, InfraFiles.MatchMilliseconds)]
    private static partial Regex ParameterLine();

    [GeneratedRegex(
        @"^output (?<name>\w+) \w+ = .+$",
        RegexOptions.Multiline, InfraFiles.MatchMilliseconds)]
    private static partial Regex OutputLine();

    [GeneratedRegex(
        @"^module (?<name>\w+) '(?<path>[^']+)' = .*\{\n(?:(?!\}).*\n)*?  params: \{\n"
        + @"(?<params>(?:    .*\n)*)  \}\n",
        RegexOptions.Multiline, InfraFiles.MatchMilliseconds)]
    private static partial Regex ModuleBlock();

    [GeneratedRegex(
        @"^    (?<name>\w+): ",
        RegexOptions.Multiline, InfraFiles.MatchMilliseconds)]
    private static partial Regex Passed();

    [GeneratedRegex(
        @"(?<module>\w+)\.\??outputs\.(?<output>\w+)",
        RegexOptions.None, InfraFiles.MatchMilliseconds)]
    private static partial Regex OutputRead();
}
