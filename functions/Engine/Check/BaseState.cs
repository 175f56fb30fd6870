using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Manifests;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Engine.Check;

/// <summary>A shard's base as a check reads it: apart from the code that views use.</summary>
/// <param name="Properties">The object; null when there is none.</param>
/// <param name="Footer">Its footer; null when there is none.</param>
internal sealed record BaseState(ObjectProperties? Properties, BaseFooter? Footer)
{
    private const int FirstReadBytes = 64 << 10;

    /// <summary>The version it stands at; 0 without an object. See <see cref="ListedAsync"/>.</summary>
    public int Version => Footer?.Version ?? 0;

    /// <summary>Whether there is no base, or one that was only made to shut a late worker out.</summary>
    public bool HoldsNothing { get; } = Footer is null or { Version: 0 };

    /// <summary>The same state, told by versions that the manifest lists.</summary>
    public async Task<BaseState> ListedAsync(
        Manifest manifest, ShardKey shard, CancellationToken cancellation) =>
        Footer is null ? this : this with
        {
            Footer = await BaseStanding.ListedAsync(manifest, shard, Footer, cancellation),
        };

    /// <summary>The node it stands at.</summary>
    public Hash256 Node => Footer?.Node ?? Hash256.Zero;

    /// <summary>Reads the footer of a base and proves that the object is as long as it says.</summary>
    /// <exception cref="CorruptObjectException">It is damaged.</exception>
    public static async Task<BaseState> ReadAsync(
        IObjectStore store, ShardKey shard, Layout? layout, CancellationToken cancellation)
    {
        var name = ObjectNames.Base(shard);
        if (await store.FindAsync(name, cancellation) is not { } found) return new(null, null);
        var tail = await TailAsync(
            store, found, (int)Math.Min(found.LengthBytes, FirstReadBytes), cancellation);
        var length = BaseFooter.LengthFrom(tail, name);
        if (length > found.LengthBytes)
            throw new CorruptObjectException(
                name, $"a footer within {found.LengthBytes} bytes", $"{length} bytes");
        if (length > tail.Length) tail = await TailAsync(store, found, length, cancellation);
        var footer = BaseFooter.Decode(tail.AsSpan(tail.Length - length), name);
        footer.Header.Expect(shard, name);
        if (layout is not null && footer.Header.Layout != layout)
            throw new CorruptObjectException(name, $"{layout}", $"{footer.Header.Layout}");
        var whole = footer.Segments.Sum(s => (long)s.LengthBytes)
            + footer.Pages.Sum(p => (long)p.LengthBytes)
            + (footer.Shared?.LengthBytes ?? 0) + length;
        return whole == found.LengthBytes
            ? new BaseState(found, footer)
            : throw new CorruptObjectException(
                name, $"{whole} bytes of segments, pages, table and footer", $"{found.LengthBytes} bytes");
    }

    private static async Task<byte[]> TailAsync(
        IObjectStore store, ObjectProperties found, int lengthBytes, CancellationToken cancellation)
    {
        var tail = new byte[lengthBytes];
        await store.ReadAsync(
            found.Name, found.LengthBytes - lengthBytes, tail, found.ETag, cancellation);
        return tail;
    }
}
