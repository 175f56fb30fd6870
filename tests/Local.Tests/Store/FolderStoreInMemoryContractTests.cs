namespace SnapshotFunctions.LocalTests.Store;

/// <summary>The same on the second file system, on which the delta placement lies in tests.</summary>
public sealed class FolderStoreInMemoryContractTests() : FolderStoreContractTests(TestFolders.Memory);
