using System.Security.Cryptography;

namespace SnapshotFunctions.Local.Hosting;

/// <summary>Names the jobs that this host starts.</summary>
internal static class JobIds
{
    /// <summary>A new id: flow, machine, time, and some random digits.</summary>
    public static string Next(string flow, string machine, TimeProvider time) =>
        $"{flow.ToLowerInvariant()}-{machine}-{time.GetUtcNow():yyyyMMddHHmmssfff}-"
        + RandomNumberGenerator.GetHexString(6, lowercase: true);
}
