using System.Text;
using SnapshotFunctions.Engine.Manifests;

namespace SnapshotFunctions.Engine.Check;

/// <summary>A listed version, as far as a finding is about it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="State">Whether it can be restored.</param>
internal readonly record struct VersionMark(int Number, VersionState State)
{
    /// <summary>Versions as text: <c>1-4,7</c>. A range may span numbers that are not listed.</summary>
    public static string Text(IReadOnlyList<VersionMark> marks)
    {
        var text = new StringBuilder();
        for (var i = 0; i < marks.Count;)
        {
            var last = i;
            while (last + 1 < marks.Count && marks[last + 1].Number == marks[last].Number + 1) last++;
            if (text.Length > 0) text.Append(',');
            text.Append(marks[i].Number);
            if (last > i) text.Append('-').Append(marks[last].Number);
            i = last + 1;
        }
        return text.ToString();
    }
}
