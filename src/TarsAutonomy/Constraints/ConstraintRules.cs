using TarsEngine.Permissions;

namespace TarsAutonomy.Constraints;

/// <summary>Files that no agent writes.</summary>
/// <param name="Message">What writing one would be: 'Modifying CI/CD'.</param>
public sealed record ForbiddenPath(string Rule, string Message, IReadOnlyList<PathPattern> Paths, IReadOnlyList<PathPattern> Except)
{
    internal bool Matches(TarsEngine.Files.RepositoryPath path) => Paths.Any(p => p.Matches(path)) && !Except.Any(p => p.Matches(path));
}

/// <summary>Words that no added line may hold, whatever white space stands between them; letter case counts not.</summary>
public sealed record ForbiddenContent(string Rule, string Message, string Text);

/// <summary>What a person must have approved.</summary>
/// <param name="Name">As the configuration calls it: 'authentication'.</param>
/// <param name="Words">In a task's description.</param>
/// <param name="Paths">Files whose change is such a thing.</param>
/// <param name="NameWords">The same, by a word of the file's or a folder's name: 'auth' in 'src/UserAuth.cs'.</param>
public sealed record ApprovalNeed(string Name, string Rule, string Message, IReadOnlyList<string> Words, IReadOnlyList<PathPattern> Paths, IReadOnlyList<string> NameWords);
