using System.Buffers.Binary;
using System.Text;

namespace SnapshotFunctions.Local.Nbd;

/// <summary>Writes answers as the client agreed to have them.</summary>
internal sealed class NbdReplies(NbdOutput output, bool isStructured)
{
    private const int MostWords = 200;

    /// <summary>Whether answers come in chunks.</summary>
    public bool IsStructured => isStructured;

    /// <summary>Where they go.</summary>
    public NbdOutput Output => output;

    /// <summary>Answers that a request is done and has nothing to tell.</summary>
    public async ValueTask DoneAsync(NbdRequest request, CancellationToken cancellation)
    {
        // A simple reply is allowed for all that carries no data, and is shorter.
        var reply = new byte[NbdWire.SimpleReplyBytes];
        PutSimple(reply, request.Cookie, NbdError.None);
        await output.SendAsync(reply, cancellation);
    }

    /// <summary>Answers that a request failed.</summary>
    public async ValueTask FailAsync(
        NbdRequest request, NbdError error, string words, CancellationToken cancellation)
    {
        if (!isStructured)
        {
            var reply = new byte[NbdWire.SimpleReplyBytes];
            PutSimple(reply, request.Cookie, error);
            await output.SendAsync(reply, cancellation);
            return;
        }
        var text = Encoding.UTF8.GetBytes(words.Length > MostWords ? words[..MostWords] : words);
        var chunk = new byte[NbdWire.ChunkBytes + 6 + text.Length];
        PutChunk(chunk, NbdChunk.Error, request.Cookie, 6 + text.Length, isLast: true);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(20), (uint)error);
        BinaryPrimitives.WriteUInt16BigEndian(chunk.AsSpan(24), (ushort)text.Length);
        text.CopyTo(chunk, 26);
        await output.SendAsync(chunk, cancellation);
    }

    /// <summary>Writes a simple reply's header.</summary>
    public static void PutSimple(Span<byte> target, ulong cookie, NbdError error)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, NbdWire.SimpleReplyMagic);
        BinaryPrimitives.WriteUInt32BigEndian(target[4..], (uint)error);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], cookie);
    }

    /// <summary>Writes a chunk's header.</summary>
    public static void PutChunk(
        Span<byte> target, NbdChunk type, ulong cookie, int lengthBytes, bool isLast)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, NbdWire.ChunkMagic);
        BinaryPrimitives.WriteUInt16BigEndian(target[4..], isLast ? (ushort)1 : (ushort)0);
        BinaryPrimitives.WriteUInt16BigEndian(target[6..], (ushort)type);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], cookie);
        BinaryPrimitives.WriteInt32BigEndian(target[16..], lengthBytes);
    }
}
