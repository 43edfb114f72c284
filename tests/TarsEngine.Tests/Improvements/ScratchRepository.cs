using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace TarsEngine.Tests.Improvements;

/// <summary>A repository of its own, filled by 'git fast-import', so that names need not be ones that a file system likes.</summary>
internal sealed class ScratchRepository : IDisposable
{
    private readonly TempFolder folder = new();

    public ScratchRepository() => Git("init", "--quiet", "--initial-branch=main", folder.Path);

    public string Path => folder.Path;

    public byte[] Git(params string[] arguments) => Git([], arguments);

    public byte[] Git(byte[] input, params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path };
        foreach (var one in (string[])["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "core.hooksPath=/dev/null", .. arguments]) start.ArgumentList.Add(one);
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var feeding = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        try { feeding.Wait(); }
        catch (AggregateException) when (process.ExitCode != 0) { }
        if (process.ExitCode != 0) throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {error.Result}");
        return output.ToArray();
    }

    public string GitText(params string[] arguments) => Encoding.UTF8.GetString(Git(arguments)).Trim();

    /// <summary>Makes a commit that holds exactly these files: path as bytes in Latin-1, git's mode, content.</summary>
    public string Commit(IEnumerable<(string Path, string Mode, byte[] Content)> files, string message = "a commit", params string[] parents)
    {
        using var stream = new MemoryStream();
        Line("commit refs/heads/import");
        Line("committer Ada Lovelace <ada@example.org> 1700000000 +0000");
        Data(Encoding.UTF8.GetBytes(message));
        if (parents.Length > 0) Line("from " + parents[0]);
        foreach (var parent in parents.Skip(1)) Line("merge " + parent);
        Line("deleteall");
        foreach (var (path, mode, content) in files)
        {
            if (mode == "160000")
            {
                Line($"M 160000 {Encoding.ASCII.GetString(content)} {Quote(path)}");
                continue;
            }
            Line($"M {mode} inline {Quote(path)}");
            Data(content);
        }
        Line("");
        if (parents.Length == 0) Git("update-ref", "-d", "refs/heads/import");
        Git(stream.ToArray(), "fast-import", "--quiet", "--force");
        return GitText("rev-parse", "refs/heads/import");

        void Line(string text) => stream.Write(Encoding.Latin1.GetBytes(text + "\n"));

        void Data(byte[] content)
        {
            Line("data " + content.Length.ToString(CultureInfo.InvariantCulture));
            stream.Write(content);
            Line("");
        }
    }

    public void Dispose() => folder.Dispose();

    private static string Quote(string path)
    {
        var text = new StringBuilder("\"");
        foreach (var c in path) text.Append(c is < ' ' or > '~' or '"' or '\\' ? "\\" + Convert.ToString(c, 8).PadLeft(3, '0') : c.ToString());
        return text.Append('"').ToString();
    }
}
