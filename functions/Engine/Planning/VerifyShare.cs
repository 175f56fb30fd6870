using System.Buffers.Binary;
using System.Text;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Planning;

/// <summary>
/// Which share of the bytes a check reads: things are spread over so many parts by the hash of
/// their names, and some successive parts are taken. Who takes all parts one after the other reads
/// everything once.
/// </summary>
/// <param name="Parts">How many parts there are; 1 or more.</param>
/// <param name="First">The first part that is taken.</param>
/// <param name="Count">How many parts are taken.</param>
public sealed record VerifyShare(int Parts, int First, int Count)
{
    /// <summary>Whether a thing of this name is taken.</summary>
    public bool Includes(string name)
    {
        var hash = Hash256.Of(Encoding.UTF8.GetBytes(name));
        var part = BinaryPrimitives.ReadUInt32BigEndian(hash.ToArray()) % (uint)Math.Max(1, Parts);
        return (part + Parts - (First % Parts)) % Parts < Count;
    }
}
