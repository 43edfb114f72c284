using TarsEngine.Files;

namespace TarsEngine.Validation.Quality;

/// <summary>A public or protected type or member, as code of others can use it.</summary>
/// <param name="Key">What it is called by: container, name, and the types of its parameters.</param>
/// <param name="Shape">What its users rely on besides: kind, result, modifiers, accessors.</param>
/// <param name="Optional">Parameters that may be left out.</param>
/// <param name="MustBeImplemented">Whoever derives or implements has to write it.</param>
/// <param name="Container">The type that it is a member of; empty for a type itself.</param>
internal sealed record ApiMember(string Key, string Name, string Shape, int Optional, bool MustBeImplemented, string Container, RepositoryPath Path, int Line);
