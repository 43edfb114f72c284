using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Git;

namespace TarsEngine.Validation;

/// <summary>How far validation goes; each includes what stands before it.</summary>
public enum ValidationDepth
{
    /// <summary>Parse the changed files.</summary>
    Syntax,

    /// <summary>And look at what is new in them.</summary>
    Quality,

    /// <summary>And compile, inside the sandbox: by the C# compiler alone where it can tell, else by a build. Nothing is run.</summary>
    Semantics,

    /// <summary>And build and test, inside the sandbox.</summary>
    Tests,
}

/// <summary>A frozen change on one base, to be judged.</summary>
/// <param name="Name">Names workspaces and logs, such as 'CTX-7'; one run at a time may use it.</param>
public sealed record ValidationRequest(TreeSnapshot Base, ChangeSet Changes, TarsConfiguration Configuration, string Name)
{
    public ValidationDepth Depth { get; init; } = ValidationDepth.Tests;

    /// <summary>Only tests whose names hold one of these are run, and the verdict holds for that; null: all of them.</summary>
    public IReadOnlyList<string>? Tests { get; init; }

    /// <summary>What was ignored in the codebase's configuration; becomes findings.</summary>
    public IReadOnlyList<ConfigurationNotice> Notices { get; init; } = [];

    /// <summary>The base's ignore rules: what builds make under them may be built upon next time. Null: only what .NET builds into 'bin' and 'obj'.</summary>
    public IgnoreRules? Ignored { get; init; }

    /// <summary>Leave the workspace for a look when the change is refused ('--auto-rollback=false').</summary>
    public bool KeepFailedWorkspace { get; init; }
}
