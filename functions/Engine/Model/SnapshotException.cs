namespace SnapshotFunctions.Engine.Model;

/// <summary>The root of every error that this product raises on purpose.</summary>
public abstract class SnapshotException : Exception
{
    /// <summary>An error with its stable code and message.</summary>
    protected SnapshotException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>A stable word for programs: kebab case, never translated.</summary>
    public string Code { get; }
}
