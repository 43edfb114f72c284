using System.Globalization;

namespace TarsEngine.Worlds;

/// <summary>A shape of transaction: how a folder looks before, and what makes it look as it should afterwards.</summary>
internal sealed record Shape(string Name, Action<string> Before, Action<string> Change)
{
    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101, Private = (UnixFileMode)0b110_000_000, Odd = (UnixFileMode)0b111_101_001;

    public static IReadOnlyList<Shape> All { get; } =
    [
        new("create", Base, f => Write(f, "new.txt", "new")),
        new("replace", Base, f => Write(f, "a.txt", "A2")),
        new("delete", Base, f => File.Delete(In(f, "a.txt"))),
        new("rename", Base, f => File.Move(In(f, "a.txt"), In(f, "sub/z.txt"))),
        new("cycle", Base, f =>
        {
            File.Move(In(f, "a.txt"), In(f, "t"));
            File.Move(In(f, "b.txt"), In(f, "a.txt"));
            File.Move(In(f, "t"), In(f, "b.txt"));
        }),
        new("mode", Base, f =>
        {
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(In(f, "a.txt"), Executable);
        }),
        new("symlink", f =>
        {
            Base(f);
            // Nothing else holds the bytes of this target: they have to be kept for its own sake.
            File.CreateSymbolicLink(In(f, "link"), "sub/c.txt");
        }, f =>
        {
            File.Delete(In(f, "link"));
            File.CreateSymbolicLink(In(f, "link"), "b.txt");
            File.CreateSymbolicLink(In(f, "other"), "../outside");
            File.Delete(In(f, "b.txt"));
            File.CreateSymbolicLink(In(f, "b.txt"), "a.txt");
        }),
        new("file-to-folder", Base, f =>
        {
            File.Delete(In(f, "a.txt"));
            Write(f, "a.txt/inner/x.txt", "x");
            Write(f, "a.txt/y.txt", "y");
            // One more, so that a conflict elsewhere takes all of it back.
            Write(f, "b.txt", "B2");
        }),
        new("folder-to-file", f =>
        {
            Base(f);
            Write(f, "d/x.txt", "x");
            Write(f, "d/e/y.txt", "y");
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(In(f, "d/e"), Odd);
        }, f =>
        {
            Directory.Delete(In(f, "d"), recursive: true);
            Write(f, "d", "now a file");
        }),
        new("empty-folders-to-file", f =>
        {
            Base(f);
            Directory.CreateDirectory(In(f, "d/e/f"));
            Directory.CreateDirectory(In(f, "d/g"));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(In(f, "d/e"), Odd);
        }, f =>
        {
            Directory.Delete(In(f, "d"), recursive: true);
            Write(f, "d", "now a file");
        }),
        new("deep", f =>
        {
            Base(f);
            Write(f, "old/1/2/3/x.txt", "x");
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(In(f, "old/1/2"), Odd);
        }, f =>
        {
            Directory.Delete(In(f, "old"), recursive: true);
            Write(f, "new/1/2/3/4/y.txt", "y");
            Write(f, "new/1/z.txt", "z");
        }),
        new("mixed", f =>
        {
            Base(f);
            File.WriteAllBytes(In(f, "bom.txt"), [0xEF, 0xBB, 0xBF, (byte)'a', 13, 10, 0, 0xFF]);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(In(f, "b.txt"), Private);
        }, f =>
        {
            Write(f, "a.txt", "A2");
            File.Delete(In(f, "b.txt"));
            Write(f, "n/new.txt", "new");
            File.WriteAllBytes(In(f, "bom.txt"), [0xEF, 0xBB, 0xBF, (byte)'b', 13, 10, 0, 0xFE]);
        }),
        new("many", f =>
        {
            Base(f);
            for (var i = 0; i < 150; i++) Write(f, Numbered("p", i), "p");
        }, f =>
        {
            for (var i = 0; i < 50; i++) Write(f, Numbered("n", i), "n");
            for (var i = 0; i < 100; i++) Write(f, Numbered("p", i), "q" + i.ToString(CultureInfo.InvariantCulture));
            for (var i = 100; i < 150; i++) File.Delete(In(f, Numbered("p", i)));
            foreach (var folder in Directory.GetDirectories(f).Where(d => !Directory.EnumerateFileSystemEntries(d).Any())) Directory.Delete(folder);
        }),
        // As few as are more than a few: those are synced together.
        new("dozen", Base, f =>
        {
            for (var i = 0; i < 12; i++) Write(f, Numbered("d", i), "d" + i.ToString(CultureInfo.InvariantCulture));
        }),
        new("clear", f =>
        {
            Base(f);
            for (var i = 0; i < 12; i++) Write(f, Numbered("c", i), "c" + i.ToString(CultureInfo.InvariantCulture));
        }, f =>
        {
            foreach (var folder in (string[])["c0", "c1"]) Directory.Delete(In(f, folder), recursive: true);
        }),
        new("empty", Base, _ => { }),
    ];

    public static Shape Named(string name) => All.Single(s => s.Name == name);

    public static void Write(string folder, string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(folder, name))!);
        File.WriteAllText(In(folder, name), content);
    }

    private static string Numbered(string prefix, int i) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{i / 10}/{i}.txt");

    private static string In(string folder, string name) => Path.Combine(folder, name);

    private static void Base(string folder)
    {
        Write(folder, "a.txt", "A");
        Write(folder, "b.txt", "B");
        Write(folder, "sub/c.txt", "C");
        Write(folder, "sub/untouched.bin", "\0\r\n");
    }
}
