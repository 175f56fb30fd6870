using System.Buffers.Binary;
using System.Text;

namespace SnapshotFunctions.Local.Nbd;

/// <summary>
/// The handshake: fixed newstyle, an option at a time, until the client begins or leaves. What is
/// not known is refused and the handshake goes on; what cannot be understood ends it.
/// </summary>
internal sealed class NbdNegotiation(
    NbdInput input, NbdOutput output, INbdExports exports, NbdLimits limits)
{
    private const ushort InfoExport = 0;
    private const ushort InfoName = 1;
    private const ushort InfoDescription = 2;
    private const ushort InfoBlockSize = 3;

    private bool _isFixed;
    private bool _noZeroes;
    private bool _isStructured;
    private string? _allocationOf;

    /// <summary>Runs the handshake; null when the client left.</summary>
    /// <exception cref="NbdGoneException">The client broke the protocol.</exception>
    public async Task<NbdAgreed?> RunAsync(CancellationToken cancellation)
    {
        var hello = new byte[18];
        BinaryPrimitives.WriteUInt64BigEndian(hello, NbdWire.ServerMagic);
        BinaryPrimitives.WriteUInt64BigEndian(hello.AsSpan(8), NbdWire.OptionMagic);
        BinaryPrimitives.WriteUInt16BigEndian(
            hello.AsSpan(16), NbdWire.FixedNewstyle | NbdWire.NoZeroes);
        await output.SendAsync(hello, cancellation);
        if (!await input.WaitAsync(cancellation)) return null;
        var header = new byte[16];
        await input.ReadAsync(header.AsMemory(0, 4), cancellation);
        var flags = BinaryPrimitives.ReadUInt32BigEndian(header);
        if ((flags & ~(uint)(NbdWire.FixedNewstyle | NbdWire.NoZeroes)) != 0)
            throw new NbdGoneException($"the client has unknown flags {flags:x}");
        (_isFixed, _noZeroes) =
            ((flags & NbdWire.FixedNewstyle) != 0, (flags & NbdWire.NoZeroes) != 0);
        for (var count = 0; count < limits.MostOptions; count++)
        {
            if (!await input.WaitAsync(cancellation)) return null;
            await input.ReadAsync(header, cancellation);
            if (BinaryPrimitives.ReadUInt64BigEndian(header) != NbdWire.OptionMagic)
                throw new NbdGoneException("an option without its magic number");
            var option = (NbdOption)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(8));
            var length = BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(12));
            var (ends, agreed) = await TakeAsync(option, length, cancellation);
            if (ends) return agreed;
        }
        throw new NbdGoneException($"more than {limits.MostOptions} options");
    }

    private async Task<(bool Ends, NbdAgreed? Agreed)> TakeAsync(
        NbdOption option, uint lengthBytes, CancellationToken cancellation)
    {
        if (!_isFixed && option != NbdOption.ExportName)
            throw new NbdGoneException($"option {option} without the fixed newstyle");
        if (lengthBytes > limits.MostOptionBytes)
        {
            if (lengthBytes > 16 * limits.MostOptionBytes || option == NbdOption.ExportName)
                throw new NbdGoneException($"an option of {lengthBytes} bytes");
            await input.SkipAsync(lengthBytes, cancellation);
            await AnswerAsync(
                option, NbdOptionReply.TooBig,
                Encoding.UTF8.GetBytes($"at most {limits.MostOptionBytes} bytes"), cancellation);
            return (false, null);
        }
        var data = new byte[lengthBytes];
        await input.ReadAsync(data, cancellation);
        switch (option)
        {
            case NbdOption.ExportName:
                return (true, await NameAsync(data, cancellation));
            case NbdOption.Abort:
                await AnswerAsync(option, NbdOptionReply.Ack, default, cancellation);
                return (true, null);
            case NbdOption.List:
                await ListAsync(data, cancellation);
                return (false, null);
            case NbdOption.Info or NbdOption.Go:
                var agreed = await InfoAsync(option, data, cancellation);
                return (agreed is not null && option == NbdOption.Go, agreed);
            case NbdOption.StructuredReply:
                await StructureAsync(data, cancellation);
                return (false, null);
            case NbdOption.ListMetaContext or NbdOption.SetMetaContext:
                await ContextsAsync(option, data, cancellation);
                return (false, null);
            default:
                await AnswerAsync(option, NbdOptionReply.Unsupported, default, cancellation);
                return (false, null);
        }
    }

    private async Task<NbdAgreed> NameAsync(byte[] data, CancellationToken cancellation)
    {
        var name = NameOf(data);
        // This option has no answer for an error.
        var export = name is null ? null : await exports.FindAsync(name, cancellation);
        if (export is null) throw new NbdGoneException($"there is no export '{name}'");
        var agreed = Agreed(export, name!);
        var answer = new byte[_noZeroes ? 10 : 134];
        BinaryPrimitives.WriteInt64BigEndian(answer, export.SizeBytes);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(8), (ushort)agreed.Flags);
        await output.SendAsync(answer, cancellation);
        return agreed;

        static string? NameOf(byte[] bytes)
        {
            var reader = new NbdOptionData(bytes);
            var text = reader.RestAsText();
            return reader.IsWhole ? text : null;
        }
    }

    private async Task ListAsync(byte[] data, CancellationToken cancellation)
    {
        if (data.Length > 0)
        {
            await InvalidAsync(NbdOption.List, "it has no data", cancellation);
            return;
        }
        foreach (var name in exports.Names)
        {
            var length = Encoding.UTF8.GetByteCount(name);
            var answer = new byte[4 + length];
            BinaryPrimitives.WriteInt32BigEndian(answer, length);
            Encoding.UTF8.GetBytes(name, answer.AsSpan(4));
            await AnswerAsync(NbdOption.List, NbdOptionReply.Server, answer, cancellation);
        }
        await AnswerAsync(NbdOption.List, NbdOptionReply.Ack, default, cancellation);
    }

    private async Task<NbdAgreed?> InfoAsync(
        NbdOption option, byte[] data, CancellationToken cancellation)
    {
        if (Parse(data) is not { } asked)
        {
            await InvalidAsync(option, "expected a name and a list of facts", cancellation);
            return null;
        }
        var export = await exports.FindAsync(asked.Name, cancellation);
        if (export is null)
        {
            await AnswerAsync(
                option, NbdOptionReply.Unknown,
                Encoding.UTF8.GetBytes($"there is no export '{asked.Name}'"), cancellation);
            return null;
        }
        var agreed = Agreed(export, asked.Name);
        var fact = new byte[12];
        BinaryPrimitives.WriteUInt16BigEndian(fact, InfoExport);
        BinaryPrimitives.WriteInt64BigEndian(fact.AsSpan(2), export.SizeBytes);
        BinaryPrimitives.WriteUInt16BigEndian(fact.AsSpan(10), (ushort)agreed.Flags);
        await AnswerAsync(option, NbdOptionReply.Info, fact, cancellation);
        foreach (var kind in asked.Facts)
        {
            if (Fact(kind, asked.Name, export) is { } more)
                await AnswerAsync(option, NbdOptionReply.Info, more, cancellation);
        }
        await AnswerAsync(option, NbdOptionReply.Ack, default, cancellation);
        return agreed;

        static (string Name, List<ushort> Facts)? Parse(byte[] bytes)
        {
            var reader = new NbdOptionData(bytes);
            var name = reader.Text();
            var count = reader.Short();
            var facts = new List<ushort>();
            for (var i = 0; i < count && !reader.HasFailed; i++)
            {
                var fact = reader.Short();
                if (!facts.Contains(fact)) facts.Add(fact);
            }
            return reader.IsWhole ? (name, facts) : null;
        }
    }

    private byte[]? Fact(ushort kind, string name, INbdExport export)
    {
        switch (kind)
        {
            case InfoName or InfoDescription:
                var text = Encoding.UTF8.GetBytes(kind == InfoName ? name : export.Description);
                var fact = new byte[2 + text.Length];
                BinaryPrimitives.WriteUInt16BigEndian(fact, kind);
                text.CopyTo(fact, 2);
                return fact;
            case InfoBlockSize:
                var sizes = new byte[14];
                BinaryPrimitives.WriteUInt16BigEndian(sizes, kind);
                BinaryPrimitives.WriteInt32BigEndian(sizes.AsSpan(2), 1);
                BinaryPrimitives.WriteInt32BigEndian(sizes.AsSpan(6), export.PreferredBytes);
                BinaryPrimitives.WriteInt32BigEndian(sizes.AsSpan(10), limits.MostPayloadBytes);
                return sizes;
            default:
                return null;
        }
    }

    private async Task StructureAsync(byte[] data, CancellationToken cancellation)
    {
        if (data.Length > 0)
        {
            await InvalidAsync(NbdOption.StructuredReply, "it has no data", cancellation);
            return;
        }
        _isStructured = true;
        await AnswerAsync(
            NbdOption.StructuredReply, NbdOptionReply.Ack, default, cancellation);
    }

    private async Task ContextsAsync(
        NbdOption option, byte[] data, CancellationToken cancellation)
    {
        // Each new choice replaces the one before, also one that fails.
        if (option == NbdOption.SetMetaContext) _allocationOf = null;
        if (!_isStructured || Parse(data) is not { } asked)
        {
            await InvalidAsync(
                option,
                _isStructured ? "expected a name and queries" : "structured replies come first",
                cancellation);
            return;
        }
        if (await exports.FindAsync(asked.Name, cancellation) is null)
        {
            await AnswerAsync(option, NbdOptionReply.Unknown, default, cancellation);
            return;
        }
        var listed = option == NbdOption.ListMetaContext;
        var wanted = asked.Queries.Any(q => q is NbdWire.AllocationContext)
            || (listed && (asked.Queries.Count == 0 || asked.Queries.Any(q => q is "base:")));
        if (wanted)
        {
            var answer = new byte[4 + NbdWire.AllocationContext.Length];
            BinaryPrimitives.WriteUInt32BigEndian(answer, listed ? 0 : NbdWire.AllocationId);
            Encoding.ASCII.GetBytes(NbdWire.AllocationContext, answer.AsSpan(4));
            await AnswerAsync(option, NbdOptionReply.MetaContext, answer, cancellation);
            if (!listed) _allocationOf = asked.Name;
        }
        await AnswerAsync(option, NbdOptionReply.Ack, default, cancellation);

        static (string Name, List<string> Queries)? Parse(byte[] bytes)
        {
            var reader = new NbdOptionData(bytes);
            var name = reader.Text();
            var count = reader.Long();
            var queries = new List<string>();
            for (var i = 0u; i < count && !reader.HasFailed; i++) queries.Add(reader.Text());
            return reader.IsWhole ? (name, queries) : null;
        }
    }

    private NbdAgreed Agreed(INbdExport export, string name) => new(
        export, name, _isStructured,
        string.Equals(_allocationOf, name, StringComparison.Ordinal));

    private Task InvalidAsync(NbdOption option, string why, CancellationToken cancellation) =>
        AnswerAsync(
            option, NbdOptionReply.Invalid, Encoding.UTF8.GetBytes(why), cancellation);

    private async Task AnswerAsync(
        NbdOption option, NbdOptionReply reply, ReadOnlyMemory<byte> data,
        CancellationToken cancellation)
    {
        var answer = new byte[20 + data.Length];
        BinaryPrimitives.WriteUInt64BigEndian(answer, NbdWire.OptionReplyMagic);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(8), (uint)option);
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(12), (uint)reply);
        BinaryPrimitives.WriteInt32BigEndian(answer.AsSpan(16), data.Length);
        data.Span.CopyTo(answer.AsSpan(20));
        await output.SendAsync(answer, cancellation);
    }
}
