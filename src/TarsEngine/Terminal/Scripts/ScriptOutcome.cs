using TarsEngine.Terminal.Dependencies;
using TarsEngine.Terminal.Failures;

namespace TarsEngine.Terminal.Scripts;

/// <summary>What came of a script. A closed family.</summary>
public abstract record ScriptOutcome;

/// <summary>There was nothing that could be run.</summary>
/// <param name="Remedy">How to go on.</param>
public sealed record ScriptRefused(string Reason, string Remedy) : ScriptOutcome;

/// <param name="Installed">The packages that it got before it ran a second time; null when it needed none.</param>
public sealed record ScriptSucceeded(EntryPoint Entry, CommandResult Result, DependencyInstalled? Installed) : ScriptOutcome;

/// <param name="Dependency">What was done, or could not be, about a package that was missing; null when none was.</param>
/// <param name="Installed">What an earlier run lacked and this one had.</param>
public sealed record ScriptFailed(EntryPoint Entry, CommandResult Result, CommandFailure Failure, DependencyOutcome? Dependency, DependencyInstalled? Installed) : ScriptOutcome;
