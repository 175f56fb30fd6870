using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SnapshotFunctions.Local.Runner;

/// <summary>How the journal's objects are written down; generated, so that starting costs little.</summary>
[JsonSerializable(typeof(StartRecord))]
[JsonSerializable(typeof(EndRecord))]
[JsonSerializable(typeof(RaisedRecord))]
[JsonSerializable(typeof(JournalRecord))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    /// <summary>
    /// Inputs and results are JSON inside JSON: the default escaping of quotes would make them six
    /// times longer, and nothing here is ever put into a page.
    /// </summary>
    public static JournalJson Terse { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
