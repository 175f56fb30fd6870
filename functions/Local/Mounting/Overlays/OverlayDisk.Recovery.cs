namespace SnapshotFunctions.Local.Mounting.Overlays;

/// <content>What a crash left.</content>
internal sealed partial class OverlayDisk
{
    private void Recover()
    {
        _journal = OverlayJournal.TryOpen(_files, _folder);
        if (_journal is null)
        {
            if (!IsReadOnly) _journal = OverlayJournal.Create(_files, _folder, 1);
            return;
        }
        var (records, durable) = _journal.ReadAll();
        var sector = new byte[SectorBytes];
        for (var i = 0; i < records.Count; i++)
        {
            // What was not flushed counts where its data came down whole.
            if (i < durable || records[i].Kind != RecordKind.Data || IsWhole(records[i], sector))
                Apply(records[i]);
        }
        if (IsReadOnly) return;
        _data.Sync();
        _map.Write(_stateFile);
        var next = OverlayJournal.Create(_files, _folder, _journal.Generation + 1);
        _journal.Dispose();
        _journal = next;
        OverlayJournal.RemoveOthers(_files, _folder, next.Generation);
    }

    private bool IsWhole(JournalRecord record, byte[] sector)
    {
        sector.AsSpan().Clear();
        _data.Read(record.Value * SectorBytes, sector);
        return Checksums.Of(sector) == record.Checksum;
    }

    private void Apply(JournalRecord record)
    {
        switch (record.Kind)
        {
            case RecordKind.Data:
                _map.Set(
                    record.First, new OverlayEntry(EntryKind.Data, record.Value, record.Checksum));
                break;
            case RecordKind.Zero:
                for (var i = 0L; i < record.Value; i++)
                    _map.Set(record.First + i, OverlayEntry.Zero);
                break;
            case RecordKind.ZeroPages:
                for (var i = 0L; i < record.Value; i++) _map.SetZero(record.First + i);
                break;
            default:
                break;
        }
    }
}
