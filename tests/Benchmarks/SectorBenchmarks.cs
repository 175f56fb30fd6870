using BenchmarkDotNet.Attributes;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Views;

namespace SnapshotFunctions.Benchmarks;

/// <summary>What is done to every block that an image holds.</summary>
public class SectorBenchmarks
{
    /// <summary>Bytes that one call goes through.</summary>
    public const int WorkBytes = 65536;

    private readonly byte[] _zero = new byte[WorkBytes];
    private readonly byte[] _block = Contents.Block(Content.Packed);
    private readonly byte[] _same = Contents.Block(Content.Packed);
    private readonly byte[] _other = Contents.Block(Content.Packed, seed: 2);
    private readonly byte[] _held = Contents.Block(Content.Packed, seed: 3);

    /// <summary>A block of zeros, which must be looked through whole.</summary>
    [Benchmark]
    public bool IsZero() => Sectors.IsZero(_zero);

    /// <summary>SHA-256 of a block.</summary>
    [Benchmark]
    public Hash256 Hash() => Sectors.HashOf(_block);

    /// <summary>Two blocks of the same content, which must be compared whole.</summary>
    [Benchmark]
    public ushort CompareEqual() => Sectors.Differing(_block, _same, Layout.Default);

    /// <summary>Two blocks that differ at once in every sector.</summary>
    [Benchmark]
    public ushort CompareDifferent() => Sectors.Differing(_block, _other, Layout.Default);

    /// <summary>Half the sectors of a block, laid over it.</summary>
    [Benchmark]
    public void LayHalf() =>
        Sectors.Lay(_other, 0x5555, 0, 0x5555, _held, Layout.Default);
}
