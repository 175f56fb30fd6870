using SnapshotFunctions.Local.Serving.Web;

namespace SnapshotFunctions.Local.Serving;

/// <summary>What a serving process is told to do.</summary>
/// <param name="IncomingFolder">The folder that is watched.</param>
/// <param name="StateFolder">What it keeps for itself.</param>
/// <param name="RestoreFolder">Where restores over HTTP put their files.</param>
/// <param name="Web">Where the API is served; null for nowhere.</param>
/// <param name="Upkeep">When machines are looked after; null for never by itself.</param>
/// <param name="Like">
/// What new machines are stored against, as <c>LikeSetting</c> reads it; null for nothing.
/// </param>
internal sealed record ServeSetting(
    string IncomingFolder, string StateFolder, string RestoreFolder, WebSetting? Web,
    UpkeepSetting? Upkeep = null, string? Like = null);
