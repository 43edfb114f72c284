using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Validation;

namespace TarsEngine.Tests.Validation.Quality;

/// <summary>A change of files in memory, and what the quality check says of it.</summary>
internal static class QualityGround
{
    public static IReadOnlyList<Finding> Judge((string Path, string Text)[] files, params (string Path, string? Text)[] change)
    {
        var contents = new Dictionary<ContentHash, byte[]>();
        var tree = new TreeSnapshot(files.Select(f => KeyValuePair.Create(RepositoryPath.Parse(f.Path), State(f.Text))));
        var changes = new ChangeSet(change.Select(f => new FileChange(RepositoryPath.Parse(f.Path), tree[RepositoryPath.Parse(f.Path)], f.Text is null ? null : State(f.Text))));
        return new QualityValidator((_, state) => contents[state.Hash]).Validate(tree, changes);

        FileState State(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var hash = ContentHash.Of(bytes);
            contents[hash] = bytes;
            return new(EntryKind.File, 0b110_100_100, hash, bytes.Length);
        }
    }

    public static string Say(IEnumerable<Finding> findings) => string.Join('\n', findings.Select(f => $"{f.Severity} {f.Rule} {f.Path}:{f.Line} {f.Message}"));
}
