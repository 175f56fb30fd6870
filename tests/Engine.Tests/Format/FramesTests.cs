using System.Diagnostics;
using SnapshotFunctions.Engine.Format;
using SnapshotFunctions.Engine.Model;
using Xunit;

namespace SnapshotFunctions.EngineTests.Format;

public sealed class FramesTests
{
    private static ReadOnlySpan<byte> ZstdMagic => [0x28, 0xb5, 0x2f, 0xfd];

    [Fact]
    public void Frames_come_back_bit_for_bit_and_fit_their_codec()
    {
        var random = new Random(21);
        var stored = new byte[65536];
        var seen = new HashSet<FrameCodec>();
        for (var n = 0; n < 3000; n++)
        {
            var raw = Content(random, 512 * random.Next(1, 129));
            var codec = Frames.Encode(raw, stored, out var length);
            seen.Add(codec);
            Assert.True(Frames.Fits(codec, length, raw.Length), $"seed 21, case {n}");
            var back = new byte[raw.Length];
            Frames.Decode(codec, stored.AsSpan(0, length), back, "frame");
            Assert.True(raw.AsSpan().SequenceEqual(back), $"seed 21, case {n}");
        }
        Assert.Equal([FrameCodec.Stored, FrameCodec.Zstd], seen.Order());
    }

    [Fact]
    public void What_gains_less_than_a_sixteenth_is_stored_as_it_is()
    {
        var random = new Random(22);
        var raw = new byte[65536];
        random.NextBytes(raw);
        raw.AsSpan(0, 65536 / 32).Clear();
        Assert.Equal(FrameCodec.Stored, Frames.Encode(raw, new byte[65536], out _));
        raw.AsSpan(0, 65536 / 8).Clear();
        Assert.Equal(FrameCodec.Zstd, Frames.Encode(raw, new byte[65536], out _));
    }

    [Fact]
    public void A_damaged_frame_is_refused_or_gives_the_length_that_was_asked_for()
    {
        var random = new Random(23);
        var stored = new byte[4096];
        var raw = new byte[4096];
        for (var n = 0; n < 100_000; n++)
        {
            int length;
            if (n % 2 == 0)
            {
                length = random.Next(stored.Length);
                random.NextBytes(stored.AsSpan(0, length));
                if (n % 4 == 0 && length > 4) ZstdMagic.CopyTo(stored);
            }
            else
            {
                Frames.Encode(Content(random, 4096), stored, out length);
                Mutation.Number(stored.AsSpan(0, length), random);
                if (random.Next(3) == 0) length = random.Next(length);
            }
            Try((FrameCodec)random.Next(4), stored.AsSpan(0, length), raw, n);
            Try(FrameCodec.Zstd, stored.AsSpan(0, length), raw, n);
        }
    }

    [Theory]
    [InlineData(FrameCodec.Zero, 1)]
    [InlineData(FrameCodec.Stored, 511)]
    [InlineData(FrameCodec.Stored, 513)]
    [InlineData(FrameCodec.Zstd, 0)]
    [InlineData((FrameCodec)3, 512)]
    public void A_length_that_the_codec_cannot_have_is_refused(FrameCodec codec, int length) =>
        Assert.Throws<CorruptObjectException>(
            () => Frames.Decode(codec, new byte[length], new byte[512], "frame"));

    [Fact]
    public void A_zstd_frame_of_another_length_is_refused()
    {
        var stored = new byte[1024];
        Frames.Encode(new byte[1024], stored, out var length);
        foreach (var other in new[] { 0, 512, 1023, 1025, 2048 })
            Assert.Throws<CorruptObjectException>(() => Frames.Decode(
                FrameCodec.Zstd, stored.AsSpan(0, length), new byte[other], "frame"));
    }

    /// <summary>
    /// Of zstd's own library and the managed one. Where no library runs, the managed one is held
    /// against itself.
    /// </summary>
    [Fact]
    public void Each_zstd_reads_what_the_other_has_written()
    {
        var random = new Random(24);
        var (mine, others) = (new byte[65536], new byte[65536]);
        var compressed = 0;
        for (var n = 0; n < 1500; n++)
        {
            var raw = Content(random, 512 * random.Next(1, 129));
            var room = raw.Length - (raw.Length / 16);
            var effort = FrameEffort.All[n % 3];
            if (!ManagedZstd.TryCompress(raw, mine.AsSpan(0, room), effort, out var length)) continue;
            Assert.True(Native.Compress(raw, others.AsSpan(0, room), effort, out var otherLength));
            // Of one version, so that a repair makes what the other had made.
            Assert.True(
                mine.AsSpan(0, length).SequenceEqual(others.AsSpan(0, otherLength)),
                $"seed 24, case {n}");
            var back = new byte[raw.Length];
            Assert.Null(Native.Decompress(mine.AsSpan(0, length), back, out var written));
            Assert.True(written == raw.Length && raw.AsSpan().SequenceEqual(back), $"seed 24, case {n}");
            back.AsSpan().Clear();
            Assert.Null(ManagedZstd.Decompress(others.AsSpan(0, otherLength), back, out written));
            Assert.True(written == raw.Length && raw.AsSpan().SequenceEqual(back), $"seed 24, case {n}");
            compressed++;
        }
        Assert.InRange(compressed, 500, 1500);
    }

    /// <summary>Machines that have another zstd, or none, write the same frames.</summary>
    [Fact]
    public void The_library_that_came_with_the_program_is_the_one_that_is_called()
    {
        Assert.True(NativeZstd.IsThere);
        using var process = Process.GetCurrentProcess();
        Assert.Contains(
            process.Modules.Cast<ProcessModule>(),
            m => m.FileName.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal)
                && Path.GetFileName(m.FileName).StartsWith("libzstd.", StringComparison.Ordinal));
    }

    /// <summary>What both take for a frame of the right length is the same bytes to both.</summary>
    [Fact]
    public void Both_zstd_judge_damaged_frames_alike()
    {
        var random = new Random(25);
        var (stored, mine, others) = (new byte[4096], new byte[4096], new byte[4096]);
        var refused = 0;
        for (var n = 0; n < 30_000; n++)
        {
            if (Frames.Encode(Content(random, 4096), stored, out var length) != FrameCodec.Zstd)
                continue;
            Mutation.Number(stored.AsSpan(0, length), random);
            if (random.Next(3) == 0) length = random.Next(length);
            var managed = ManagedZstd.Decompress(stored.AsSpan(0, length), mine, out var written);
            var native = Native.Decompress(stored.AsSpan(0, length), others, out var otherWritten);
            if (managed is not null || written != mine.Length)
            {
                refused++;
                continue;
            }
            if (native is null && otherWritten == others.Length)
                Assert.True(mine.AsSpan().SequenceEqual(others), $"seed 25, case {n}");
        }
        Assert.InRange(refused, 5_000, 30_000);
    }

    [Fact]
    public void What_a_frame_may_have_been_stored_as_is_all_that_is_ever_written()
    {
        var random = new Random(26);
        var (stored, shorter) = (new byte[65536], 0);
        for (var n = 0; n < 300; n++)
        {
            var raw = n % 2 == 0
                ? Content(random, 512 * random.Next(1, 129)) : Words(random, 512 * random.Next(20, 129));
            var all = Frames.Encodings(raw).ToList();
            var codec = Frames.Encode(raw, stored, out var length);
            var quick = stored[..length];
            Assert.Contains(all, e => e.Codec == codec && e.Stored.AsSpan().SequenceEqual(quick));
            codec = Frames.Encode(raw, stored, out length, isThorough: true);
            var thorough = stored[..length];
            Assert.Contains(all, e => e.Codec == codec && e.Stored.AsSpan().SequenceEqual(thorough));
            if (thorough.Length < quick.Length) shorter++;
            foreach (var effort in FrameEffort.All)
            {
                if (!ManagedZstd.TryCompress(
                    raw, stored.AsSpan(0, raw.Length - (raw.Length / 16)), effort, out length))
                    continue;
                Assert.Contains(all, e => e.Stored.AsSpan().SequenceEqual(stored.AsSpan(0, length)));
            }
        }
        Assert.InRange(shorter, 50, 300);
    }

    private static class Native
    {
        public static bool Compress(
            ReadOnlySpan<byte> raw, Span<byte> stored, FrameEffort effort, out int length) =>
            NativeZstd.IsThere
                ? NativeZstd.TryCompress(raw, stored, effort, out length)
                : ManagedZstd.TryCompress(raw, stored, effort, out length);

        public static string? Decompress(ReadOnlySpan<byte> stored, Span<byte> raw, out int length) =>
            NativeZstd.IsThere
                ? NativeZstd.Decompress(stored, raw, out length)
                : ManagedZstd.Decompress(stored, raw, out length);
    }

    private static void Try(FrameCodec codec, ReadOnlySpan<byte> stored, byte[] raw, int n)
    {
        try
        {
            Frames.Decode(codec, stored, raw, "frame");
        }
        catch (CorruptObjectException)
        {
            // The one answer that a decoder may give to bytes it cannot trust.
        }
        catch (Exception error)
        {
            Assert.Fail($"seed 23, case {n}: {error}");
        }
    }

    private static byte[] Words(Random random, int length)
    {
        var words = Enumerable.Range(0, 300).Select(_ => Content(random, random.Next(3, 12))).ToArray();
        return [.. Enumerable.Range(0, length).SelectMany(_ => words[random.Next(300)]).Take(length)];
    }

    private static byte[] Content(Random random, int length)
    {
        var raw = new byte[length];
        if (random.Next(4) == 0)
            random.NextBytes(raw);
        else
            for (var i = 0; i < length; i += random.Next(1, 200)) raw[i] = (byte)random.Next(4);
        return raw;
    }
}
