using SnapshotFunctions.Local.Store;

namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <summary>
/// Places for sectors in an overlay's data file. A place is never written twice while a map that
/// may come back after a crash names it: what is given up waits until that is durable. Not
/// thread-safe.
/// </summary>
internal sealed class DataSlots(long next, int mostFree)
{
    private readonly Stack<long> _free = new();
    private List<long> _givenUp = [];
    private long _next = next;

    /// <summary>Places that were given up and may not be used yet.</summary>
    public int GivenUp => _givenUp.Count;

    /// <summary>Takes places for neighbouring sectors; long runs lie side by side.</summary>
    public void Take(Span<long> slots)
    {
        var reused = slots.Length <= 4 && _free.Count >= slots.Length;
        for (var i = 0; i < slots.Length; i++) slots[i] = reused ? _free.Pop() : _next++;
    }

    /// <summary>Gives places back that nothing has ever named.</summary>
    public void Return(ReadOnlySpan<long> slots)
    {
        foreach (var slot in slots) _free.Push(slot);
    }

    /// <summary>A place that its sector does not need any more.</summary>
    public void GiveUp(long slot) => _givenUp.Add(slot);

    /// <summary>What was given up so far, to be freed once that is durable.</summary>
    public List<long> TakeGivenUp()
    {
        var taken = _givenUp;
        _givenUp = [];
        return taken;
    }

    /// <summary>Puts back what could not be made durable.</summary>
    public void PutBack(List<long> givenUp) => _givenUp.AddRange(givenUp);

    /// <summary>Frees places; answers those that are too many to keep.</summary>
    public List<long> Free(List<long> slots)
    {
        var kept = Math.Clamp(mostFree - _free.Count, 0, slots.Count);
        for (var i = 0; i < kept; i++) _free.Push(slots[i]);
        return slots[kept..];
    }

    /// <summary>Every free place, when the overlay is closed.</summary>
    public List<long> TakeFree()
    {
        var all = _free.ToList();
        _free.Clear();
        return all;
    }

    /// <summary>Gives the space of places back, neighbours at once.</summary>
    public static void Punch(IFile data, List<long> slots)
    {
        slots.Sort();
        for (var first = 0; first < slots.Count;)
        {
            var end = first + 1;
            while (end < slots.Count && slots[end] == slots[end - 1] + 1) end++;
            data.PunchHole(
                slots[first] * OverlaySizes.SectorBytes,
                (end - first) * (long)OverlaySizes.SectorBytes);
            first = end;
        }
    }
}
