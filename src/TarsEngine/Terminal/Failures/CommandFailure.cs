using System.Globalization;
using TarsEngine.Sandbox;

namespace TarsEngine.Terminal.Failures;

/// <summary>Where in a file; its path is relative to the codebase where it lies in it, else absolute inside the sandbox.</summary>
/// <param name="Line">From 1.</param>
public sealed record SourcePlace(string Path, int? Line)
{
    /// <summary>It is a file of the codebase or script, and not of a toolchain or package.</summary>
    public bool IsOwn => !Path.StartsWith('/');

    public override string ToString() => Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"{Path}:{line}") : Path;
}

/// <summary>
/// Why a command failed, as far as its end and its last lines tell. A closed family. It is there to help people and tools go
/// on; nothing is decided by it, because a command can print what it likes.
/// </summary>
/// <param name="Place">Where, as far as the output tells.</param>
public abstract record CommandFailure(SourcePlace? Place)
{
    /// <summary>A stable word: 'syntax', 'missing-dependency', 'runtime', 'timeout', 'memory', 'limit', 'permission', 'exit', 'signal'.</summary>
    public abstract string Kind { get; }

    /// <summary>What happened, in one sentence without place and full stop.</summary>
    public abstract string Text { get; }

    /// <summary>For people: 'app.py:3: KeyError: 'x''.</summary>
    public sealed override string ToString() => Place is null ? Text : $"{Place}: {Text}";
}

/// <summary>The code doesn't parse or compile.</summary>
public sealed record SyntaxFailure(string Message, SourcePlace? Place) : CommandFailure(Place)
{
    public override string Kind => "syntax";

    public override string Text => Message;
}

/// <summary>Something that the code needs isn't installed where it ran.</summary>
/// <param name="Name">As the code asks for it: a module, a namespace or assembly, a package, a program.</param>
/// <param name="IsPackage">The name is a package's already.</param>
public sealed record MissingDependencyFailure(Ecosystem Ecosystem, string Name, SourcePlace? Place, bool IsPackage = false) : CommandFailure(Place)
{
    public override string Kind => "missing-dependency";

    public override string Text => Ecosystem switch
    {
        _ when IsPackage => $"the package '{Name}' is missing",
        Ecosystem.Dotnet => $"the namespace or assembly '{Name}' is missing",
        Ecosystem.Program => $"the program '{Name}' is missing",
        _ => $"the module '{Name}' is missing",
    };
}

/// <summary>It ran, and an error ended it.</summary>
/// <param name="Error">The error's type: 'KeyError', 'System.InvalidOperationException'.</param>
public sealed record RuntimeFailure(string Error, string Message, SourcePlace? Place) : CommandFailure(Place)
{
    public override string Kind => "runtime";

    public override string Text => Message.Length > 0 ? $"{Error}: {Message}" : Error;
}

/// <summary>Its time was up.</summary>
public sealed record TimeoutFailure(TimeSpan After) : CommandFailure(Place: null)
{
    public override string Kind => "timeout";

    public override string Text => string.Create(CultureInfo.InvariantCulture, $"timed out after {After.TotalSeconds:0.#} s");
}

/// <summary>It wanted more memory than it may have, or than there is.</summary>
public sealed record MemoryFailure(SourcePlace? Place) : CommandFailure(Place)
{
    public override string Kind => "memory";

    public override string Text => "out of memory";
}

/// <summary>It wanted more of something than it may have.</summary>
/// <param name="Limit">Not time and not memory, which have failures of their own.</param>
public sealed record LimitFailure(SandboxLimit Limit) : CommandFailure(Place: null)
{
    public override string Kind => "limit";

    public override string Text => "ran into the limit on " + Limit switch
    {
        SandboxLimit.Processes => "processes",
        SandboxLimit.Disk => "what it may write to disk",
        SandboxLimit.Temporary => "room in /tmp",
        SandboxLimit.FileSize => "a file's size",
        SandboxLimit.Output => "what it may say",
        _ => Limit.ToString(),
    };
}

/// <summary>It tried what it may not: the sandbox shows nearly everything read-only.</summary>
public sealed record PermissionFailure(string Message, SourcePlace? Place) : CommandFailure(Place)
{
    public override string Kind => "permission";

    public override string Text => Message;
}

/// <summary>It ended by itself with this code, and nothing tells more.</summary>
public sealed record ExitFailure(int Code) : CommandFailure(Place: null)
{
    public override string Kind => "exit";

    public override string Text => string.Create(CultureInfo.InvariantCulture, $"exit code {Code}");
}

/// <summary>A signal ended it that nobody of us sent.</summary>
public sealed record SignalFailure(int Signal) : CommandFailure(Place: null)
{
    public override string Kind => "signal";

    public override string Text => string.Create(CultureInfo.InvariantCulture, $"killed by signal {Signal}");
}

/// <summary>Whose packages; the name in configuration is the lower-case word.</summary>
public enum Ecosystem
{
    /// <summary>A program of the system; no package of a language.</summary>
    Program,
    Python,
    Node,
    Dotnet,
}
