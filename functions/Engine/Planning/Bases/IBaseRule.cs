namespace SnapshotFunctions.Engine.Planning.Bases;

/// <summary>Chooses which version becomes the base. Pure: it sees numbers and does no I/O.</summary>
public interface IBaseRule
{
    /// <summary>The version that the base shall move to; 0 to leave it where it is.</summary>
    int Choose(BaseRuleState state);
}
