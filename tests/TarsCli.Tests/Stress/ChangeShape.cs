using System.Globalization;
using System.Text;

namespace TarsCli.Tests.Stress;

/// <summary>A shape of change: the files that it needs, the steps that make it, and one path of it that can be rolled back alone.</summary>
internal sealed record ChangeShape(string Name, string Path, string Action)
{
    public Action<CliFolder> Before { get; init; } = _ => { };

    /// <summary>Makes what the change was made for go away, as a user would who edits meanwhile.</summary>
    public bool IsDisturbed { get; init; }

    /// <summary>The codebase is already as the change would make it.</summary>
    public bool IsEmpty { get; init; }

    public static IReadOnlyList<ChangeShape> All { get; } =
    [
        Edits("create", "made.txt", "- create: made.txt", "  content: made"),
        Edits("replace", "a.txt", "- replace: a.txt", "  content: A2"),
        Edits("delete", "a.txt", "- delete: a.txt"),
        Edits("rename", "a.txt", "- rename: a.txt", "  to: sub/z.txt"),
        Edits("cycle", "a.txt", "- rename: a.txt", "  to: t", "- rename: b.txt", "  to: a.txt", "- rename: t", "  to: b.txt"),
        Edits("mode", "a.txt", "- set-mode: a.txt", "  mode: \"0755\"", "- set-mode: b.txt", "  mode: \"0600\""),
        Edits("symlink", "b.txt", "- symlink: link", "  target: b.txt", "- symlink: other", "  target: sub/c.txt", "- delete: b.txt", "- symlink: b.txt", "  target: a.txt")
            with { Before = f => File.CreateSymbolicLink(f.File("link"), "a.txt") },
        Edits("file-to-folder", "a.txt", "- delete: a.txt", "- create: a.txt/inner/x.txt", "  content: x", "- create: a.txt/y.txt", "  content: y"),
        Edits("folder-to-file", "d", "- delete: d/x.txt", "- delete: d/e/y.txt", "- create: d", "  content: now a file")
            with { Before = f => WriteAll(f, "d/x.txt", "d/e/y.txt") },
        Edits("deep", "new/1/2/3/4/y.txt", "- delete: old/1/2/3/x.txt", "- create: new/1/2/3/4/y.txt", "  content: y", "- create: new/1/z.txt", "  content: z")
            with { Before = f => WriteAll(f, "old/1/2/3/x.txt") },
        Many(),
        Edits("empty", "a.txt", "- replace: a.txt", "  content: a.txt as it was") with { IsEmpty = true },
        Edits("conflict", "a.txt", "- replace: a.txt", "  content: A2", "  if-sha256: " + Hash("a.txt as it was")) with { IsDisturbed = true },
        new("patch", "sub/c.txt", """
                patch: |
                  diff --git a/sub/c.txt b/sub/c.txt
                  --- a/sub/c.txt
                  +++ b/sub/c.txt
                  @@ -1 +1,2 @@
                  -sub/c.txt as it was
                  \ No newline at end of file
                  +patched
                  +twice
            """),
        new("command", "b.txt", "    command: [sh, -c, 'echo made > made.txt; rm a.txt; echo more >> b.txt']\n"),
    ];

    /// <summary>The improvement: the change, and beside it a transaction of its own, so that one of two can be rolled back.</summary>
    public string ToYaml() => $"schema: tars/improvement/v1\ntitle: {Name}\nsteps:\n  - id: change\n{Action.TrimEnd('\n')}\n"
        + (IsEmpty ? "" : "  - id: note\n    transaction: second\n    depends-on: [change]\n    edits:\n      - create: second/note.txt\n        content: second\n");

    public static void WriteAll(CliFolder folder, params string[] paths)
    {
        foreach (var path in paths) folder.Write(path, path + " as it was");
    }

    private static ChangeShape Edits(string name, string path, params string[] edits) =>
        new(name, path, "    edits:\n" + string.Concat(edits.Select(line => $"      {line}\n")));

    private static ChangeShape Many()
    {
        var edits = new List<string>();
        for (var i = 0; i < 200; i++) edits.AddRange(i < 80 ? [$"- create: {Numbered("n", i)}", "  content: new"] : i < 160 ? [$"- replace: {Numbered("p", i)}", "  content: other"] : [$"- delete: {Numbered("p", i)}"]);
        return Edits("200-files", "n0", [.. edits]) with
        {
            Before = f =>
            {
                for (var i = 80; i < 200; i++) WriteAll(f, Numbered("p", i));
            },
        };
    }

    private static string Numbered(string prefix, int i) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{i / 10}/{i}.txt");

    private static string Hash(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
