using System.Collections;
using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Check;

/// <summary>
/// What the blocks of one stretch of an index page hold while deltas are laid over them.
/// </summary>
/// <param name="room">Room for all of them; what no block was begun in is never touched.</param>
/// <param name="firstBlock">The stretch's first block.</param>
/// <param name="layout">The sizes.</param>
internal sealed class PageContents(Memory<byte> room, int firstBlock, Layout layout)
{
    private readonly BitArray _begun = new(StretchBlocks(layout));
    private readonly BitArray _givenUp = new(StretchBlocks(layout));

    /// <summary>The blocks of a stretch, of which a page has four.</summary>
    public static int StretchBlocks(Layout layout) => (layout.BlocksPerPage + 3) / 4;

    public bool IsBegun(int block) => _begun[block - firstBlock];

    public bool IsGivenUp(int block) => _givenUp[block - firstBlock];

    /// <summary>The bytes of a block, which the caller fills; one that was given up is good again.</summary>
    public Memory<byte> Begin(int block)
    {
        _begun[block - firstBlock] = true;
        _givenUp[block - firstBlock] = false;
        return Of(block);
    }

    /// <summary>Leaves a block alone from now on: its bytes are not what they should be.</summary>
    public void GiveUp(int block) => _givenUp[block - firstBlock] = true;

    /// <summary>The bytes of a block.</summary>
    public Memory<byte> Of(int block) =>
        room.Slice((block - firstBlock) * layout.BlockBytes, layout.BlockBytes);
}
