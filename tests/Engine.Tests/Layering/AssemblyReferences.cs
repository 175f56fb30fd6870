using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using SnapshotFunctions.TestShared.Sources;

namespace SnapshotFunctions.EngineTests.Layering;

/// <summary>One project of the product and the assembly that was built from it.</summary>
internal static class AssemblyReferences
{
    /// <summary>Folders of functions/ that hold a project.</summary>
    public static IEnumerable<string> Projects() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "functions"), "*.csproj", SearchOption.AllDirectories)
            .Select(p => Path.GetFileName(Path.GetDirectoryName(p)!)).Order(StringComparer.Ordinal);

    /// <summary>What the project file of a folder names: projects by folder, and packages.</summary>
    public static (string[] Projects, string[] Packages) Declared(string folder)
    {
        var project = XDocument.Load(Directory.GetFiles(
            Path.Combine(Repository.Root, "functions", folder), "*.csproj").Single());
        return (
            [.. Included("ProjectReference").Select(p =>
                Path.GetFileName(Path.GetDirectoryName(p.Replace('\\', '/'))!))],
            [.. Included("PackageReference")]);

        IEnumerable<string> Included(string item) =>
            project.Descendants(item).Select(r => (string?)r.Attribute("Include")).OfType<string>();
    }

    /// <summary>The assemblies that a built assembly refers to.</summary>
    public static string[] Built(string folder, string assembly)
    {
        using var file = File.OpenRead(PathOf(folder, assembly));
        using var pe = new PEReader(file);
        var reader = pe.GetMetadataReader();
        return [.. reader.AssemblyReferences
            .Select(h => reader.GetString(reader.GetAssemblyReference(h).Name))];
    }

    /// <summary>Where the build left an assembly, in this test's own configuration.</summary>
    /// <exception cref="FileNotFoundException">It was not built.</exception>
    private static string PathOf(string folder, string assembly)
    {
        // .../tests/Engine.Tests/bin/{configuration}/{framework}/
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(
            Repository.Root, "functions", folder, "bin", output.Parent!.Name, output.Name,
            assembly + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException(
            $"{folder} is not built; its references cannot be held.", path);
    }
}
