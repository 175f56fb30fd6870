using System.Text.Json.Serialization;

namespace SnapshotFunctions.Http.Ports;

/// <summary>What a file of an upload is.</summary>
public enum UploadKind
{
    /// <summary>The image of a disk.</summary>
    [JsonStringEnumMemberName("disk")]
    Disk,

    /// <summary>A machine file: configuration, NVRAM, vTPM state; never looked into.</summary>
    [JsonStringEnumMemberName("file")]
    File,
}
