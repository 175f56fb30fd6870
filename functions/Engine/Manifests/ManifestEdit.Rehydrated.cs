using SnapshotFunctions.Engine.Model;

namespace SnapshotFunctions.Engine.Manifests;

/// <content>Rehydrations: they take no turn, so each of these changes stands by itself.</content>
public sealed partial class ManifestEdit
{
    /// <summary>Takes the next operation's number for a rehydration and lists it.</summary>
    /// <param name="compose">Makes the record from its number.</param>
    public RehydratedRecord ListRehydration(Func<long, RehydratedRecord> compose)
    {
        var number = Head.NextOperation;
        var record = compose(number);
        if (record.Operation != number)
            throw new ArgumentException($"The rehydration must carry number {number}.", nameof(compose));
        Head = Head with
        {
            NextOperation = number + 1, Rehydrated = [.. Head.Rehydrated ?? [], record],
        };
        return record;
    }

    /// <summary>A rehydration that is listed, or null.</summary>
    public RehydratedRecord? FindRehydration(long operation) =>
        Head.Rehydrated?.FirstOrDefault(r => r.Operation == operation);

    /// <summary>Replaces a rehydration's record; one that says the same changes nothing.</summary>
    public void ReplaceRehydration(RehydratedRecord record)
    {
        if (FindRehydration(record.Operation) is not { } listed)
            throw new ArgumentException($"{record.Operation} is not listed.", nameof(record));
        if (listed == record) return;
        Head = Head with
        {
            Rehydrated =
            [
                .. Head.Rehydrated!.Select(r => r.Operation == record.Operation ? record : r),
            ],
        };
    }

    /// <summary>
    /// Takes a rehydration out of the lists and hands all its copies to the sweep, those too that
    /// a late worker still makes; false when it was not there.
    /// </summary>
    public bool EndRehydration(long operation)
    {
        if (FindRehydration(operation) is null) return false;
        var rest = Head.Rehydrated!.Where(r => r.Operation != operation).ToList();
        Head = Head with { Rehydrated = rest.Count == 0 ? null : rest };
        Retire(operation, [], [ObjectNames.Rehydrated(Head.Machine, operation)]);
        return true;
    }
}
