using BenchmarkDotNet.Attributes;
using SnapshotFunctions.Engine.Format;

namespace SnapshotFunctions.Benchmarks;

/// <summary>Frames of one block, by the system's zstd, where there is one, and by the managed one.</summary>
public class FrameBenchmarks
{
    /// <summary>Bytes that one call goes through.</summary>
    public const int WorkBytes = 65536;

    private readonly byte[] _stored = new byte[WorkBytes];
    private readonly byte[] _back = new byte[WorkBytes];
    private byte[] _raw = [];
    private byte[] _frame = [];
    private FrameCodec _codec;

    /// <summary>What is in the block.</summary>
    [Params(Content.Text, Content.Records, Content.Packed)]
    public Content Content { get; set; }

    /// <summary>Makes the block and its frame.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _raw = Contents.Block(Content);
        _codec = Frames.Encode(_raw, _stored, out var length);
        _frame = _stored[..length];
    }

    /// <summary>As ingestion and consolidation encode.</summary>
    [Benchmark]
    public FrameCodec Encode() => Frames.Encode(_raw, _stored, out _);

    /// <summary>As every read decodes.</summary>
    [Benchmark]
    public void Decode() => Frames.Decode(_codec, _frame, _back, "frame");

    /// <summary>The managed compressor alone.</summary>
    [Benchmark]
    public bool ManagedCompress() =>
        ManagedZstd.TryCompress(_raw, _stored, FrameEffort.Quick, out _);
}
