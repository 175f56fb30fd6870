namespace SnapshotFunctions.Local.Nbd;

/// <summary>The exports of a server.</summary>
internal interface INbdExports
{
    /// <summary>The names that are told to who asks for a list.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The export of a name; the empty name is the default one. Null: there is none.</summary>
    ValueTask<INbdExport?> FindAsync(string name, CancellationToken cancellation);
}
