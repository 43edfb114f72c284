using System.Globalization;
using System.Text;

namespace TarsEngine.Permissions;

/// <summary>
/// The spelling in which two names are equal when some disk takes them for one: letter case, composed and decomposed letters,
/// invisible characters (HFS+ drops them), dots and spaces at the end and what follows a ':' (NTFS drops them). For strict reading only, never to find a file.
/// </summary>
internal static class FoldedPath
{
    public static string[] Segments(string path)
    {
        var segments = path.Split('/');
        for (var i = 0; i < segments.Length; i++) segments[i] = Fold(segments[i]);
        return segments;
    }

    public static string Fold(string name)
    {
        if (name.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0) name = FoldRare(name);
        var stream = name.IndexOf(':', StringComparison.Ordinal);
        if (stream > 0) name = name[..stream];
        var bare = name.TrimEnd('.', ' ');
        return (bare.Length > 0 ? bare : name).ToUpperInvariant();
    }

    private static string FoldRare(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var c in name)
        {
            // The long s and the Kelvin sign are letters of ASCII on disks that fold case; the invariant culture leaves them.
            if (c == '\u017f') folded.Append('S');
            else if (c == '\u212a') folded.Append('K');
            else if (char.IsSurrogate(c)) folded.Append(c);
            else if (char.GetUnicodeCategory(c) is not UnicodeCategory.Format) CanonicalForm.Append(folded, c);
        }
        return folded.Length > 0 ? folded.ToString() : name;
    }
}
