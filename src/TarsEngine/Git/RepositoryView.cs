using System.Globalization;
using TarsEngine.Files;

namespace TarsEngine.Git;

/// <summary>
/// What builds may see of a repository: HEAD, the branch it is on, tags, history, and an index of HEAD. No configuration, hook,
/// remote, other branch, stash or credential.
/// </summary>
internal sealed class RepositoryView(GitProgram git, GitPlace repository, FileSystem files)
{
    private const int FolderMode = 0b111_101_101, FileMode = 0b110_100_100;

    /// <summary>What a view would show now; null where there is no commit yet, or objects lie in other repositories too.</summary>
    public async Task<RepositoryState?> ReadAsync(CancellationToken cancellation)
    {
        var asked = await Task.WhenAll(
            RunAsync(["rev-parse", "--verify", "--quiet", "HEAD"], cancellation), RunAsync(["symbolic-ref", "--quiet", "HEAD"], cancellation),
            RunAsync(["for-each-ref", "--format=%(refname) %(objectname) %(*objectname)", "refs/tags"], cancellation),
            RunAsync(["rev-parse", "--path-format=absolute", "--git-path", "objects", "--git-path", "shallow", "--show-object-format"], cancellation));
        var (head, branch, tags, places) = (asked[0], asked[1], asked[2].Checked(), asked[3].Checked().Text.Split('\n'));
        if (!head.Succeeded || places is not [var objects, var shallow, var format] || File.Exists(Path.Combine(objects, "info/alternates"))) return null;
        return new(head.Text, branch.Succeeded ? branch.Text : null, tags.Text, objects, File.Exists(shallow) ? await File.ReadAllTextAsync(shallow, cancellation) : "", format);
    }

    /// <param name="folder">An existing, empty folder, which stands for '.git' then; its own 'objects' stays empty.</param>
    public async Task WriteAsync(RepositoryState state, string folder, CancellationToken cancellation)
    {
        using var root = files.OpenRoot(folder);
        foreach (var name in (string[])["objects", "refs"]) files.CreateDirectory(root, name, FolderMode);
        Write(root, "HEAD", (state.Branch is { } branch ? "ref: " + branch : state.Head) + "\n");
        Write(root, "packed-refs", PackedRefs(state));
        Write(root, "config", Configuration(state));
        if (state.Shallow.Length > 0) Write(root, "shallow", state.Shallow);
        (await git.RunAsync(repository with { IndexFile = Path.Combine(folder, "index") }, ["read-tree", state.Head], cancellation: cancellation)).Checked();
    }

    private Task<GitResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) => git.RunAsync(repository, arguments, cancellation: cancellation);

    private static string PackedRefs(RepositoryState state)
    {
        var refs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (state.Branch is { } branch) refs[branch] = $"{state.Head} {branch}\n";
        foreach (var line in state.Tags.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            refs[parts[0]] = $"{parts[1]} {parts[0]}\n{(parts.Length > 2 && parts[2].Length > 0 ? $"^{parts[2]}\n" : "")}";
        }
        return "# pack-refs with: peeled fully-peeled sorted \n" + string.Concat(refs.Values);
    }

    private static string Configuration(RepositoryState state) => string.Create(CultureInfo.InvariantCulture,
        $"[core]\n\trepositoryformatversion = {(state.ObjectFormat == "sha1" ? 0 : 1)}\n\tbare = false\n{(state.ObjectFormat == "sha1" ? "" : $"[extensions]\n\tobjectFormat = {state.ObjectFormat}\n")}");

    private void Write(DirectoryHandle root, string name, string text)
    {
        using var file = files.CreateFile(root, name, FileMode);
        files.Write(file, ByteText.Encode(text));
    }
}

/// <summary>What a view shows.</summary>
/// <param name="Objects">The folder of the repository's own objects.</param>
/// <param name="Tags">A line for each: name, object, and the object that it points at.</param>
internal sealed record RepositoryState(string Head, string? Branch, string Tags, string Objects, string Shallow, string ObjectFormat);
