using SnapshotFunctions.Engine.Ports;
using SnapshotFunctions.TestShared.Restoring;

namespace SnapshotFunctions.EngineTests.Restoring;

/// <summary>The targets that tests restore to keep the contract of real ones.</summary>
public sealed class MemoryRestoreTargetsTests : RestoreTargetsContract
{
    private readonly MemoryRestoreTargets _targets = new();

    protected override IRestoreTargets Targets => _targets;

    protected override string Name => "disk.raw";

    protected override byte[]? Content(string name) =>
        _targets.Names.Contains(name, StringComparer.Ordinal) ? _targets[name] : null;

    protected override void Put(string name, byte[] content) => _targets[name] = content;
}
