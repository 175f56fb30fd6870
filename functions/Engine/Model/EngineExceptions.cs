#pragma warning disable MA0048 // The errors of the engine are read together.
namespace SnapshotFunctions.Engine.Model;

/// <summary>A stored object does not hold what its format promises.</summary>
public sealed class CorruptObjectException(string objectName, string expected, string found, Exception? inner = null)
    : SnapshotException(
        "corrupt-object", $"'{objectName}' is damaged: expected {expected}, found {found}.", inner)
{
    /// <summary>The object that is damaged.</summary>
    public string ObjectName { get; } = objectName;

    /// <summary>What its format promises.</summary>
    public string Expected { get; } = expected;

    /// <summary>What it holds.</summary>
    public string Found { get; } = found;
}

/// <summary>A proof from bytes failed: nothing was committed.</summary>
public sealed class ProofFailedException(string subject, Hash256 expected, Hash256 found)
    : SnapshotException(
        "proof-failed",
        $"The proof of {subject} failed: expected {expected}, found {found}. Nothing has changed.")
{
    /// <summary>What was to be proved.</summary>
    public string Subject { get; } = subject;

    /// <summary>The value recorded at ingestion.</summary>
    public Hash256 Expected { get; } = expected;

    /// <summary>The value computed from bytes.</summary>
    public Hash256 Found { get; } = found;
}

/// <summary>A newer operation has taken this one's place; its work must not go on.</summary>
public sealed class SupersededException(long operation, long newer, string objectName)
    : SnapshotException(
        "superseded",
        $"Operation {operation} is superseded by operation {newer} on '{objectName}'.")
{
    /// <summary>The operation that must stop.</summary>
    public long Operation { get; } = operation;

    /// <summary>The operation that took its place.</summary>
    public long Newer { get; } = newer;
}

/// <summary>The machine, version or disk that was named is not there.</summary>
public sealed class NoSuchException(string what, string advice)
    : SnapshotException("not-found", $"There is no {what}. {advice}")
{
    /// <summary>What was named.</summary>
    public string What { get; } = what;
}

/// <summary>A request that cannot be carried out as asked; the message says what to do.</summary>
public sealed class RefusedException(string reason, string message)
    : SnapshotException($"refused-{reason}", message)
{
    /// <summary>Stable word for the kind of refusal, kebab case.</summary>
    public string Reason { get; } = reason;
}

/// <summary>The machine's turn is held by somebody else who is alive.</summary>
public sealed class TurnTakenException(string machine, string owner, DateTimeOffset until)
    : SnapshotException(
        "turn-taken", $"'{machine}' is being worked on by {owner}, whose claim runs until {until:u}.")
{
    /// <summary>The machine.</summary>
    public string Machine { get; } = machine;

    /// <summary>Who holds the claim.</summary>
    public string Owner { get; } = owner;

    /// <summary>When the claim ends unless it is renewed.</summary>
    public DateTimeOffset Until { get; } = until;
}
