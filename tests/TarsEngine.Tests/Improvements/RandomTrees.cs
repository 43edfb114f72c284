namespace TarsEngine.Tests.Improvements;

/// <summary>A random tree and a random change of it, with the names that people and attackers come up with.</summary>
internal sealed class RandomTrees(int seed)
{
    private static readonly string[] Pieces =
        ["a", "b", "src", "x.cs", "with space", "tab\there", "quo\"te", "new\nline", "-dash", " lead", "trail ", "\xff\xfe", "\xc3\xbc", "b/", "a b/a b", "dev", "null", "=>", "100644", "{x}"];

    private readonly Random random = new(seed);

    public (List<(string Path, string Mode, byte[] Content)> Before, List<(string Path, string Mode, byte[] Content)> After) Make()
    {
        var before = new Dictionary<string, (string Mode, byte[] Content)>(StringComparer.Ordinal);
        for (var i = random.Next(1, 12); i > 0; i--) Add(before, before);
        var after = new Dictionary<string, (string Mode, byte[] Content)>(before, StringComparer.Ordinal);
        foreach (var (path, (mode, content)) in before)
        {
            switch (random.Next(7))
            {
                case 0:
                    after.Remove(path);
                    break;
                case 1:
                    after[path] = (mode, Mutate(mode, content));
                    break;
                case 2 when mode != "120000":
                    after[path] = (mode == "100644" ? "100755" : "100644", content);
                    break;
                case 3:
                    after.Remove(path);
                    Put(after, before, NewName(), (mode, random.Next(2) == 0 ? content : Mutate(mode, content)));
                    break;
                case 4:
                    after[path] = mode == "120000" ? ("100644", Content()) : ("120000", "target"u8.ToArray());
                    break;
            }
        }
        for (var i = random.Next(3); i > 0; i--) Add(after, before);
        return (List(before), List(after));

        static List<(string, string, byte[])> List(Dictionary<string, (string Mode, byte[] Content)> tree) =>
            [.. tree.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => (e.Key, e.Value.Mode, e.Value.Content))];
    }

    private void Add(Dictionary<string, (string Mode, byte[] Content)> tree, Dictionary<string, (string Mode, byte[] Content)> other) =>
        Put(tree, other, NewName(), random.Next(8) == 0 ? ("120000", "some/target"u8.ToArray()) : (random.Next(4) == 0 ? "100755" : "100644", Content()));

    /// <summary>Only where no file becomes a folder and no names differ by case only: those have tests of their own.</summary>
    private static void Put(Dictionary<string, (string, byte[])> tree, Dictionary<string, (string, byte[])> other, string path, (string, byte[]) entry)
    {
        foreach (var taken in tree.Keys.Concat(other.Keys))
        {
            if (taken.StartsWith(path + "/", StringComparison.Ordinal) || path.StartsWith(taken + "/", StringComparison.Ordinal)) return;
        }
        tree[path] = entry;
    }

    private string NewName()
    {
        var name = string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Pieces[random.Next(Pieces.Length)].TrimEnd('/') + (random.Next(3) == 0 ? "" : random.Next(30).ToString("x2"))));
        return random.Next(40) == 0 ? name + "/" + new string('n', 255) : name;
    }

    private byte[] Content()
    {
        switch (random.Next(6))
        {
            case 0:
                return [];
            case 1:
                var binary = new byte[random.Next(1, 3000)];
                random.NextBytes(binary);
                binary[0] = 0;
                return binary;
            default:
                var text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => Lines[random.Next(Lines.Length)] + (random.Next(6) == 0 ? "\r\n" : "\n")));
                return System.Text.Encoding.Latin1.GetBytes((random.Next(8) == 0 ? "\xef\xbb\xbf" : "") + (random.Next(4) == 0 ? text.TrimEnd('\n') : text));
        }
    }

    private byte[] Mutate(string mode, byte[] content)
    {
        if (mode == "120000") return "other/target"u8.ToArray();
        if (content.Length == 0) return "now something\n"u8.ToArray();
        var at = random.Next(content.Length);
        return random.Next(2) == 0
            ? [.. content[..at], .. "changed\n"u8, .. content[at..]]
            : [.. content[..at], .. content[Math.Min(content.Length, at + random.Next(20))..], (byte)'!'];
    }

    private static readonly string[] Lines =
        ["alpha", "beta", "", "-- ", "--- a/x", "+++ b/x", "@@ -1 +1 @@", "diff --git a/x b/x", "\\ No newline at end of file", " indented", "GIT binary patch", "\xff\x80 not UTF-8", "rename from x"];
}
