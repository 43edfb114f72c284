using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Git;

/// <summary>
/// The ignore rules of one tree: of its own .gitignore files, whatever a command or the user made of them since.
/// What is in the tree already is never ignored.
/// </summary>
public sealed class IgnoreRules
{
    private readonly GitProgram git;
    private readonly FileSystem files;
    private readonly string scratchFolder;
    private readonly TreeSnapshot tree;
    private readonly string excludes;

    // Read at once: the user may edit them while a command runs.
    private readonly (RepositoryPath Path, byte[] Text)[] rules;

    internal IgnoreRules(GitProgram git, FileSystem files, string scratchFolder, TreeSnapshot tree, TreeContent content, string excludes) 
    {
        (this.git, this.files, this.scratchFolder, this.tree, this.excludes) = (git, files, scratchFolder, tree, excludes);
        rules = [.. tree.Entries.Where(e => e.Key.Name == ".gitignore" && e.Value.Kind == EntryKind.File).Select(e => (e.Key, content.Read(e.Key, e.Value)))];
    }

    /// <summary>Which of <paramref name="paths"/> the rules name.</summary>
    public async Task<IReadOnlySet<RepositoryPath>> IgnoredAsync(IEnumerable<RepositoryPath> paths, CancellationToken cancellation = default)
    {
        var asked = paths.Where(path => tree[path] is null).ToList();
        if (asked.Count == 0) return new HashSet<RepositoryPath>();
        using var scratch = ScratchRepository.Create(files, scratchFolder, excludes);
        foreach (var (path, text) in rules) scratch.Write(path, text, isExecutable: false);
        using var input = new MemoryStream();
        foreach (var path in asked)
        {
            input.Write(path.ToBytes());
            input.WriteByte(0);
        }
        var answer = await git.RunAsync(scratch.Place, ["check-ignore", "--stdin", "-z", "--no-index"], input.ToArray(), cancellation);
        if (answer.ExitCode == 1) return new HashSet<RepositoryPath>(); // none of them
        return answer.Checked().Records().Select(record => RepositoryPath.FromBytes(record.Span)).ToHashSet();
    }
}
