using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.EngineTests.Format;

/// <summary>Decodes what may be hostile and holds the decoder to its promises.</summary>
internal static class Bounded
{
    /// <summary>An exception and its message, and a cell for each decoded item.</summary>
    private static long MostAllocatedBytes(int storedBytes) => 65536 + (32L * storedBytes);

    /// <summary>True when it decoded; then all that readers rely on holds.</summary>
    public static bool Decode(Structure structure, byte[] stored, string which)
    {
        var decoded = false;
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            structure.Decode(stored);
            decoded = true;
        }
        catch (CorruptObjectException)
        {
            // The one answer that a decoder may give to bytes it cannot trust.
        }
        catch (Exception error)
        {
            Assert.Fail($"{which}: {error}\n{Convert.ToHexString(stored)}");
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(
            allocated <= MostAllocatedBytes(stored.Length),
            $"{which}: {allocated} bytes for {stored.Length}");
        if (!decoded) return false;
        try
        {
            var again = structure.Again(stored);
            structure.Again(again);
        }
        catch (Exception error)
        {
            Assert.Fail($"{which} decoded, but: {error}\n{Convert.ToHexString(stored)}");
        }
        return true;
    }
}
