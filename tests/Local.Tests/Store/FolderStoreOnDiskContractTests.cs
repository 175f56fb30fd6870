namespace SnapshotFunctions.LocalTests.Store;

public sealed class FolderStoreOnDiskContractTests() : FolderStoreContractTests(TestFolders.Disk);
