using System.Buffers;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;

namespace SnapshotFunctions.Engine.Views;

/// <summary>
/// Frames that are wanted together: neighbours are read in one request, each frame is read and
/// decoded once however often it is asked for, and decoding runs beside reading.
/// </summary>
public sealed class FrameBatch : IDisposable
{
    /// <summary>A gap up to this is read over rather than answered by another request.</summary>
    private const int MostGapBytes = 32 << 10;

    /// <summary>Most bytes of one request.</summary>
    private const int MostRequestBytes = 4 << 20;

    private readonly List<Slot> _slots = [];
    private readonly Dictionary<(StoredObject, long), int> _known = [];
    private readonly List<byte[]> _rented = [];

    /// <summary>Asks for a frame; the answer is its slot.</summary>
    public int Add(in FrameLocation frame)
    {
        var key = (frame.Object, frame.Offset);
        if (_known.TryGetValue(key, out var slot)) return slot;
        var buffer = ArrayPool<byte>.Shared.Rent(frame.RawBytes);
        _rented.Add(buffer);
        _known.Add(key, _slots.Count);
        _slots.Add(new Slot(frame, buffer.AsMemory(0, frame.RawBytes)));
        return _slots.Count - 1;
    }

    /// <summary>Asks for a frame to be decoded straight into its place.</summary>
    public void Add(in FrameLocation frame, Memory<byte> target) =>
        _slots.Add(new Slot(frame, target[..frame.RawBytes]));

    /// <summary>The decoded bytes of a slot, after <see cref="FetchAsync"/>.</summary>
    public ReadOnlySpan<byte> this[int slot] => _slots[slot].Target.Span;

    /// <summary>Reads and decodes all that was asked for.</summary>
    public async Task FetchAsync(CancellationToken cancellation)
    {
        if (_slots.Count == 0) return;
        var order = new int[_slots.Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(order, Compare);
        var runs = new List<Task>();
        for (var first = 0; first < order.Length;)
        {
            var last = RunFrom(order, first);
            var run = order.AsMemory(first, last - first);
            runs.Add(FetchRunAsync(run, cancellation));
            first = last;
        }
        await Task.WhenAll(runs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _rented) ArrayPool<byte>.Shared.Return(buffer);
        _rented.Clear();
        _slots.Clear();
        _known.Clear();
    }

    private int Compare(int left, int right)
    {
        var a = _slots[left].Frame;
        var b = _slots[right].Frame;
        if (!ReferenceEquals(a.Object, b.Object))
        {
            var byName = string.CompareOrdinal(a.Object.Name, b.Object.Name);
            if (byName != 0) return byName;
        }
        return a.Offset.CompareTo(b.Offset);
    }

    /// <summary>One past the last frame that one request shall fetch together with the first.</summary>
    private int RunFrom(int[] order, int first)
    {
        var start = _slots[order[first]].Frame;
        var end = start.Offset + start.StoredBytes;
        var next = first + 1;
        for (; next < order.Length; next++)
        {
            var frame = _slots[order[next]].Frame;
            var newEnd = Math.Max(end, frame.Offset + frame.StoredBytes);
            if (frame.Object != start.Object || frame.Offset - end > MostGapBytes
                || newEnd - start.Offset > MostRequestBytes) break;
            end = newEnd;
        }
        return next;
    }

    private async Task FetchRunAsync(ReadOnlyMemory<int> run, CancellationToken cancellation)
    {
        var first = _slots[run.Span[0]].Frame;
        var end = first.Offset;
        foreach (var slot in run.Span)
            end = Math.Max(end, _slots[slot].Frame.Offset + _slots[slot].Frame.StoredBytes);
        var length = checked((int)(end - first.Offset));
        if (length > 0 && first.Object.Store is IPlannedReads planned)
        {
            await first.Object.PlanReadAsync(planned, first.Offset, length, cancellation);
            // No sector of it passes for zeros, so that a plan tells the upper bound.
            foreach (var slot in run.Span) _slots[slot].Target.Span.Fill(1);
            return;
        }
        var buffer = PageBuffer.Rent(length);
        try
        {
            if (length > 0)
                await first.Object.ReadAsync(first.Offset, buffer.Memory, cancellation);
            Decode(run.Span, buffer.Span);
        }
        finally
        {
            buffer.Return();
        }
    }

    /// <summary>Decodes the frames of a run out of what was read of it.</summary>
    private void Decode(ReadOnlySpan<int> run, ReadOnlySpan<byte> stored)
    {
        var first = _slots[run[0]].Frame;
        for (var i = 0; i < run.Length; i++)
        {
            var (frame, target) = _slots[run[i]];
            if (i > 0 && _slots[run[i - 1]] is var last && last.Frame == frame)
            {
                // Equal blocks of a base share their frame: the order brings them together.
                last.Target.CopyTo(target);
                continue;
            }
            Frames.Decode(
                frame.Codec,
                stored.Slice((int)(frame.Offset - first.Offset), frame.StoredBytes),
                target.Span,
                first.Object.Name);
        }
    }

    private readonly record struct Slot(FrameLocation Frame, Memory<byte> Target);
}
