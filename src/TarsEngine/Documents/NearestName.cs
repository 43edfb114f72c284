namespace TarsEngine.Documents;

/// <summary>'Did you mean': the known name that is nearest to a mistyped one.</summary>
public static class NearestName
{
    /// <summary>Names longer than this are not compared: the answer would help nobody and cost much.</summary>
    private const int MaxLength = 100;

    /// <summary>The nearest of <paramref name="known"/>, or null when none is near (about one slip in three characters).</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        if (name.Length > MaxLength) return null;
        string? best = null;
        var bestDistance = Math.Max(1, name.Length / 3) + 1;
        foreach (var candidate in known)
        {
            if (Math.Abs(candidate.Length - name.Length) >= bestDistance || candidate.Length > MaxLength) continue;
            var distance = Distance(name, candidate);
            if (distance < bestDistance) (best, bestDistance) = (candidate, distance);
        }
        return best;
    }

    /// <summary>' Did you mean 'x'?' or nothing, to be put behind a sentence.</summary>
    public static string Hint(string name, IEnumerable<string> known) => Find(name, known) is { } near ? $" Did you mean '{near}'?" : "";

    // Insertions, deletions, replacements and swaps of neighbours, letter case aside.
    private static int Distance(string a, string b)
    {
        var rows = new int[3][];
        for (var i = 0; i < 3; i++) rows[i] = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) rows[0][j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            int[] row = rows[i % 3], above = rows[(i - 1) % 3], twoAbove = rows[(i + 1) % 3];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (Same(i, j) ? 0 : 1));
                if (i > 1 && j > 1 && Same(i, j - 1) && Same(i - 1, j)) row[j] = Math.Min(row[j], twoAbove[j - 2] + 1);
            }
        }
        return rows[a.Length % 3][b.Length];

        bool Same(int i, int j) => char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
    }
}
