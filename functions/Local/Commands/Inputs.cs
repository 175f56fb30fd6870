using System.CommandLine;
using System.Globalization;

namespace SnapshotFunctions.Local.Commands;

/// <summary>Arguments and options that several commands take.</summary>
internal static class Inputs
{
    /// <summary>The word for the newest version.</summary>
    public const string Latest = "latest";

    /// <summary>The same in another word.</summary>
    private const string Newest = "newest";

    /// <summary>The machine.</summary>
    public static Argument<string> Machine() => new("machine")
    {
        Description = "The machine's name: a-z, 0-9 and '-'.",
    };

    /// <summary>One disk of several.</summary>
    public static Option<string?> Disk() => new("--disk")
    {
        Description = "The disk; needed where the version has several.",
        HelpName = "NAME",
    };

    /// <summary>A version's number, or the newest.</summary>
    public static Argument<string> Version(string name)
    {
        var argument = new Argument<string>(name)
        {
            Description = "The version's number, or 'latest'.",
        };
        argument.Validators.Add(result =>
        {
            if (!TryVersion(result.GetValueOrDefault<string>(), out _))
                result.AddError($"{name}: expected a version's number from 1 up, or 'latest'.");
        });
        return argument;
    }

    /// <summary>A version that is given as an option; a number alone.</summary>
    public static Option<int?> VersionOption(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "VERSION" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
                result.AddError($"{name}: expected a version's number from 1 up.");
        });
        return option;
    }

    /// <summary>Whether a text names a version.</summary>
    public static bool IsVersion(string? text) => TryVersion(text, out _);

    /// <summary>The version that a text names; null for the newest.</summary>
    public static int? VersionOf(string? text) =>
        TryVersion(text, out var version) ? version : null;

    private static bool TryVersion(string? text, out int? version)
    {
        version = null;
        if (text is Latest or Newest) return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number < 1) return false;
        version = number;
        return true;
    }
}
