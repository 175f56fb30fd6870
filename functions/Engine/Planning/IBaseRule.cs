namespace SnapshotFunctions.Engine.Planning;

/// <summary>Chooses which version becomes the base. Pure: it sees numbers and does no I/O.</summary>
public interface IBaseRule
{
    /// <summary>The version that the base shall move to; 0 to leave it where it is.</summary>
    /// <param name="newest">The newest version that can be restored; 0 for none.</param>
    /// <param name="forwards">How many versions lie after the base.</param>
    int Choose(int newest, int forwards);
}
