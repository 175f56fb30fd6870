using System.Diagnostics;
using System.Globalization;
using SnapshotFunctions.Memory;

// SnapshotFunctions.Memory TABLES PER-TABLE OVERLAY-TABLES MOST-MIB FOLDER
// Takes a 64 TiB disk with TABLES x PER-TABLE clusters of 64 KiB scattered over it, lays an overlay
// over it, reads both versions and moves the base forth and back; 0 if memory stayed below MOST-MIB.
// 10 GiB: 81920 2 8192 512 /some/folder
int[] numbers = [.. args.Take(4).Select(a => int.Parse(a, CultureInfo.InvariantCulture))];
var full = new ScatteredImage("full.qcow2", numbers[0], numbers[1], 1);
var overlay = new ScatteredImage("overlay.qcow2", numbers[2], 1, 2);
var disk = new LargeDisk(args[4], [full, overlay]);
await disk.KeepForwardsAsync();
await disk.IngestAsync(full);
await disk.CheckAsync(1, full, null);
await disk.IngestAsync(overlay);
await disk.CheckAsync(2, full, overlay);
await disk.ConsolidateAsync(2);
await disk.CheckAsync(1, full, null);
await disk.CheckAsync(2, full, overlay);
await disk.ConsolidateAsync(1);
await disk.CheckAsync(1, full, null);
await disk.CheckAsync(2, full, overlay);
using var process = Process.GetCurrentProcess();
var peak = process.PeakWorkingSet64 >> 20;
Console.WriteLine($"peak {peak} MiB of {numbers[3]}");
return peak < numbers[3] ? 0 : 1;
