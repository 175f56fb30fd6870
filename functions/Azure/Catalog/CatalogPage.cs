namespace SnapshotFunctions.AzureStore.Catalog;

/// <summary>Some rows, and what to ask for the next ones with.</summary>
/// <param name="Rows">The rows, in the table's order.</param>
/// <param name="Continuation">Null at the end.</param>
public sealed record CatalogPage<T>(IReadOnlyList<T> Rows, string? Continuation);
