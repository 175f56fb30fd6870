using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Benchmarks;

/// <summary>Blocks of known content, the same in every run.</summary>
internal static class Contents
{
    /// <summary>A block of the default layout, 64 KiB.</summary>
    public static byte[] Block(Content content, int seed = 1)
    {
        var random = new Random(seed);
        var block = new byte[Layout.Default.BlockBytes];
        switch (content)
        {
            case Content.Text:
                var words = Enumerable.Range(0, 800)
                    .Select(_ => Word(random)).ToArray();
                for (var at = 0; at < block.Length;)
                    foreach (var letter in words[(int)(800 * Math.Pow(random.NextDouble(), 3))])
                        if (at < block.Length) block[at++] = letter;
                break;
            case Content.Records:
                for (var at = 0; at < block.Length; at += 16)
                {
                    BitConverter.TryWriteBytes(block.AsSpan(at), 0x400000 + (at * 3));
                    BitConverter.TryWriteBytes(block.AsSpan(at + 4), random.Next(1 << 12));
                    BitConverter.TryWriteBytes(block.AsSpan(at + 8), random.Next(6));
                }
                break;
            default:
                random.NextBytes(block);
                break;
        }
        return block;
    }

    private static byte[] Word(Random random)
    {
        var word = new byte[random.Next(3, 11)];
        for (var i = 0; i < word.Length - 1; i++) word[i] = (byte)random.Next('a', 'z' + 1);
        word[^1] = (byte)' ';
        return word;
    }
}
