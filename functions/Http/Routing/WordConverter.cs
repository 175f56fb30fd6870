using System.Text.Json;
using System.Text.Json.Serialization;

namespace SnapshotFunctions.Http.Routing;

/// <summary>Writes an enumeration as words in camel case; takes no numbers.</summary>
internal sealed class WordConverter<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
