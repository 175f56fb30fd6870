#pragma warning disable MA0048 // The errors of the object store port are read together.
namespace SnapshotFunctions.Engine.Model;

/// <summary>An error that an object store answers with; <see cref="ObjectName"/> says of what.</summary>
public abstract class StoreException : SnapshotException
{
    /// <summary>An error of a store about one object.</summary>
    protected StoreException(string code, string objectName, string message, Exception? inner)
        : base(code, message, inner) => ObjectName = objectName;

    /// <summary>The object that was asked for.</summary>
    public string ObjectName { get; }
}

/// <summary>There is no object of that name (any more).</summary>
public sealed class ObjectNotFoundException(string objectName, Exception? inner = null)
    : StoreException("object-not-found", objectName, $"There is no object '{objectName}'.", inner);

/// <summary>
/// Another writer was first: the condition of a write or read did not hold (412), a create found
/// the name taken (409), or the blocks of a commit are gone (400 InvalidBlockList).
/// </summary>
public sealed class OvertakenException(string objectName, string why, Exception? inner = null)
    : StoreException("overtaken", objectName, $"'{objectName}' was overtaken: {why}.", inner)
{
    /// <summary>Which condition failed.</summary>
    public string Why { get; } = why;
}

/// <summary>The bytes are in the archive tier and cannot be read before they are rehydrated.</summary>
public sealed class ObjectArchivedException(
    string objectName, bool rehydrating, Exception? inner = null)
    : StoreException(
        "object-archived", objectName,
        rehydrating
            ? $"'{objectName}' is being rehydrated from the archive; try again later."
            : $"'{objectName}' is archived; it must be rehydrated before it can be read.",
        inner)
{
    /// <summary>Whether rehydration is under way already.</summary>
    public bool Rehydrating { get; } = rehydrating;
}

/// <summary>The store asks to be called less often, or failed in a way that may pass.</summary>
public sealed class StoreBusyException(
    string objectName, string why, TimeSpan? retryAfter = null, Exception? inner = null)
    : StoreException("store-busy", objectName, $"The store could not answer for '{objectName}': {why}.", inner)
{
    /// <summary>How long the store asks to wait.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>The store refuses the caller, or is not set up as it must be.</summary>
public sealed class StoreRefusedException(string objectName, string why, Exception? inner = null)
    : StoreException("store-refused", objectName, $"The store refused '{objectName}': {why}.", inner);
