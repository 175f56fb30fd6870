namespace SnapshotFunctions.Http.Problems;

/// <summary>All kinds of problems; their names never change.</summary>
public static class ProblemKinds
{
    /// <summary>A parameter or body is not as it must be.</summary>
    public static ProblemKind BadRequest { get; } = new(
        "bad-request", 400, "The request is not as it must be",
        "A parameter, a header or the body is not what the API takes. The detail says what was "
        + "expected and what was found. Nothing was done.");

    /// <summary>No key, or a wrong one.</summary>
    public static ProblemKind Unauthorized { get; } = new(
        "unauthorized", 401, "The key is missing or wrong",
        "This host asks for a key in the header 'Authorization: Bearer KEY'. Nothing was done.");

    /// <summary>A stranger's web page asks, through the user's browser.</summary>
    public static ProblemKind Forbidden { get; } = new(
        "forbidden", 403, "This host does not answer such a request",
        "Without a key the host answers only requests to a name of its own machine, and changes "
        + "nothing for a web page of another origin. Nothing was done.");

    /// <summary>No such machine, version, disk, upload or job.</summary>
    public static ProblemKind NotFound { get; } = new(
        "not-found", 404, "There is no such thing",
        "The path names a machine, version, disk, upload or job that is not there.");

    /// <summary>The path is there, the method is not.</summary>
    public static ProblemKind MethodNotAllowed { get; } = new(
        "method-not-allowed", 405, "The path does not take this method",
        "The header Allow lists the methods that it takes.");

    /// <summary>It cannot be done as things stand.</summary>
    public static ProblemKind Refused { get; } = new(
        "refused", 409, "It cannot be done as things stand",
        "What was asked for is understood, and the state of the machine, upload or job does not "
        + "allow it. The detail says why and what to do. Nothing was changed.");

    /// <summary>Somebody else is at work on it.</summary>
    public static ProblemKind Busy { get; } = new(
        "busy", 409, "Somebody else is at work on it",
        "Another job or writer works on the same thing. Try again later.");

    /// <summary>The bytes are archived.</summary>
    public static ProblemKind Archived { get; } = new(
        "archived", 409, "The bytes are archived",
        "The range needs objects in the archive tier, which cannot be read before they are "
        + "rehydrated. 'rehydration' tells what that would take and the link that starts it.");

    /// <summary>A condition of the request does not hold.</summary>
    public static ProblemKind PreconditionFailed { get; } = new(
        "precondition-failed", 412, "A condition of the request does not hold",
        "If-Match or If-Unmodified-Since names another state than the one that stands.");

    /// <summary>Too much is sent.</summary>
    public static ProblemKind TooLarge { get; } = new(
        "too-large", 413, "The request is too large",
        "The body, or what it announces, is larger than this host takes. Nothing was stored.");

    /// <summary>No byte of the range can be answered.</summary>
    public static ProblemKind RangeNotSatisfiable { get; } = new(
        "range-not-satisfiable", 416, "The range does not lie within the disk",
        "No byte of the range is there. The header Content-Range tells the length.");

    /// <summary>The image was understood and is bad.</summary>
    public static ProblemKind BadImage { get; } = new(
        "bad-image", 422, "The image cannot be taken",
        "An uploaded image is damaged or of a kind that is not taken. The detail says what was "
        + "expected, what was found and where.");

    /// <summary>A key was used before for something else.</summary>
    public static ProblemKind KeyReused { get; } = new(
        "idempotency-key-reused", 422, "The idempotency key was used for another request",
        "A job was started under this key with other parameters. Use a new key.");

    /// <summary>Stored data is damaged.</summary>
    public static ProblemKind Damaged { get; } = new(
        "damaged", 500, "Stored data is damaged",
        "A stored object does not hold what its hashes promise. No wrong byte was answered. POST "
        + "verify tells what is damaged; versions that do not need it can still be read.");

    /// <summary>Something that was not foreseen.</summary>
    public static ProblemKind Unexpected { get; } = new(
        "unexpected", 500, "Something went wrong that was not foreseen",
        "The host's log has the details under the request's trace id.");

    /// <summary>The store cannot be reached for now, or there is too much to do.</summary>
    public static ProblemKind Unavailable { get; } = new(
        "unavailable", 503, "The host or its store cannot answer for now",
        "Try again after the time that Retry-After names, in seconds.");

    /// <summary>The host has no room for what is sent.</summary>
    public static ProblemKind NoRoom { get; } = new(
        "no-room", 507, "The host has no room for what is sent",
        "The disk that uploads are gathered on is full. What came before it was full is kept: make "
        + "room and go on, or abandon the upload.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        BadRequest, Unauthorized, Forbidden, NotFound, MethodNotAllowed, Refused, Busy, Archived,
        PreconditionFailed, TooLarge, RangeNotSatisfiable, BadImage, KeyReused, Damaged, Unexpected,
        Unavailable, NoRoom,
    ];
}
