using TarsEngine.Files;

namespace TarsEngine.Validation.Tampering;

/// <summary>A method of a file with tests: a test, or what may assert for tests.</summary>
/// <param name="Key">Class and method, with the parameters' types: the same for the same test in another form.</param>
/// <param name="Name">For people.</param>
/// <param name="Body">Its tokens without attributes: equal for a test that was moved or renamed.</param>
/// <param name="IsTest">False for a helper.</param>
/// <param name="IsFound">Public, in a public class that can be made: runners find no others.</param>
/// <param name="Skips">What skips it; empty when nothing does.</param>
/// <param name="Cases">Distinct rows of data that stand beside it, at least one; null when they come from elsewhere.</param>
/// <param name="Retries">True where a runner is told to try a failure again.</param>
/// <param name="Source">As it stands in the file.</param>
internal sealed record CSharpTest(
    string Key, string Name, RepositoryPath Path, int Line, string Body, bool IsTest, bool IsFound, string Skips, int? Cases, bool Retries, AssertTally Asserts, string Source)
{
    /// <summary>Everything that makes it up: equal when nobody touched it.</summary>
    public string Whole { get; init; } = "";
}
