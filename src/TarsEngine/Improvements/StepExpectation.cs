using TarsEngine.Files;

namespace TarsEngine.Improvements;

/// <summary>
/// What must be true once a step is done. A closed family: <see cref="ExistsExpectation"/>, <see cref="AbsentExpectation"/>,
/// <see cref="ContainsExpectation"/>, <see cref="HashExpectation"/>.
/// </summary>
public abstract record StepExpectation(RepositoryPath Path);

/// <summary>A file or symlink stands at the path.</summary>
public sealed record ExistsExpectation(RepositoryPath Path) : StepExpectation(Path);

/// <summary>Nothing stands at the path.</summary>
public sealed record AbsentExpectation(RepositoryPath Path) : StepExpectation(Path);

/// <summary>The file holds the text, in UTF-8.</summary>
public sealed record ContainsExpectation(RepositoryPath Path, string Text) : StepExpectation(Path);

/// <summary>The file's bytes, or the link's target, have the hash.</summary>
public sealed record HashExpectation(RepositoryPath Path, ContentHash Hash) : StepExpectation(Path);
