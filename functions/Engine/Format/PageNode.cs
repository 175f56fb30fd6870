using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Format;

/// <summary>A page's node in the fingerprint tree at some version.</summary>
/// <param name="Page">The page's number.</param>
/// <param name="Node">Its node; Zero when every block is zero.</param>
public readonly record struct PageNode(int Page, Hash256 Node);
