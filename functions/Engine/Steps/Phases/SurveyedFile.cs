using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Steps.Phases;

/// <summary>One machine file that was read once.</summary>
/// <param name="Source">The upload.</param>
/// <param name="Identity">The state of it that was seen.</param>
/// <param name="Name">What the version will call it.</param>
/// <param name="LengthBytes">Its length.</param>
/// <param name="Hash">The SHA-256 of its bytes.</param>
public sealed record SurveyedFile(
    string Source, string Identity, string Name, long LengthBytes, Hash256 Hash);
