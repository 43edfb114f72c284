namespace TarsEngine.Validation.Reports;

/// <summary>Why a test failed, as far as its message tells. It helps people to go on; nothing is decided by it.</summary>
internal enum FailureKind
{
    /// <summary>What the test expects isn't so.</summary>
    Assertion,

    /// <summary>An error that the test didn't expect.</summary>
    Exception,

    /// <summary>The test's own time was up.</summary>
    Timeout,

    /// <summary>Its process died.</summary>
    Crash,

    /// <summary>The test's own file doesn't parse or compile.</summary>
    Compile,

    /// <summary>A module, package or assembly can't be loaded.</summary>
    Import,

    /// <summary>It wanted a network, a right or room that is not there.</summary>
    Environment,
}

/// <summary>Tells the kind from the words that runners use.</summary>
internal static class FailureKinds
{
    // The first that fits counts: a missing module is told as an exception, a crash often as a failed assertion.
    private static readonly (FailureKind Kind, string[] Words)[] marks =
    [
        (FailureKind.Import, ["ModuleNotFoundError", "ImportError", "Cannot find module", "Cannot find package", "ERR_MODULE_NOT_FOUND", "Could not load file or assembly", "ClassNotFoundException", "NoClassDefFoundError", "error while loading shared libraries"]),
        (FailureKind.Compile, ["SyntaxError", "IndentationError", "TabError", "Transform failed", "build failed", "setup failed", "Must use import to load"]),
        (FailureKind.Environment, ["Read-only file system", "EACCES", "EROFS", "PermissionError", "Permission denied", "ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "Network is unreachable", "Connection refused", "Name or service not known", "Temporary failure in name resolution", "No space left on device", "UnauthorizedAccessException"]),
        (FailureKind.Timeout, ["timed out", "Exceeded timeout", "exceeded timeout", "TimeoutException", "TimeoutError", "Timeout >", "execution timed out"]),
        (FailureKind.Crash, ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "Segmentation fault", "Subprocess aborted", "Subprocess killed", "process crashed", "StackOverflow", "worker process has failed"]),
        (FailureKind.Assertion, ["Assert", "assert", "Expected", "expected", "expect(", "But was:", "ERR_ASSERTION", "should be", "Should"]),
        (FailureKind.Exception, ["Exception", "Error", "panic", "Traceback"]),
    ];

    /// <param name="text">Type and message; only its beginning is looked at.</param>
    /// <returns>Null where there is no text to tell it.</returns>
    public static FailureKind? Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var beginning = text.AsSpan(0, Math.Min(text?.Length ?? 0, 4_000));
        foreach (var (kind, words) in marks)
        {
            foreach (var word in words)
            {
                if (beginning.Contains(word, StringComparison.Ordinal)) return kind;
            }
        }
        return FailureKind.Assertion;
    }

    /// <summary>The line of a message that tells the kind, where one does.</summary>
    public static string? Line(FailureKind kind, string? message) =>
        message?.Split('\n').FirstOrDefault(line => marks.First(mark => mark.Kind == kind).Words.Any(word => word != "ImportError" && line.Contains(word, StringComparison.Ordinal)))?.Trim();

    /// <summary>For people, in brackets: 'assertion'.</summary>
    public static string Describe(FailureKind kind) => kind switch
    {
        FailureKind.Assertion => "assertion",
        FailureKind.Exception => "exception",
        FailureKind.Timeout => "timeout",
        FailureKind.Crash => "crash",
        FailureKind.Compile => "its file doesn't compile",
        FailureKind.Import => "something can't be imported",
        _ => "the surroundings",
    };
}
