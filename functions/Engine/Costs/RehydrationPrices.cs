namespace SnapshotFunctions.Engine.Costs;

/// <summary>What it costs, and how long it may take, to ask archived objects back.</summary>
/// <param name="Read10k">10,000 objects.</param>
/// <param name="Gb">A GB.</param>
/// <param name="MostHours">Hours that it takes at the longest.</param>
/// <param name="MostGbHour">GB that an account brings back in an hour at most; 0: no limit.</param>
public sealed record RehydrationPrices(decimal Read10k, decimal Gb, int MostHours, decimal MostGbHour);
