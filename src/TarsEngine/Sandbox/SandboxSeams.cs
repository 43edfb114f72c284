namespace TarsEngine.Sandbox;

/// <summary>
/// Takes single protections away, so that tests can prove that each one holds something. Nothing but a test makes one; the
/// self-test, which would refuse, is left out with it.
/// </summary>
internal sealed record SandboxSeams
{
    /// <summary>Changes bubblewrap's options.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<string>> Options { get; init; } = options => options;

    /// <summary>Names of rules that the filter lacks; see <see cref="SeccompFilter"/> and <see cref="SystemCalls"/>.</summary>
    public IReadOnlySet<string> WithoutRules { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>As if this user could make none.</summary>
    public bool WithoutControlGroups { get; init; }

    /// <summary>Root's bubblewrap sees the host's device nodes as they are.</summary>
    public bool WithWritableDevices { get; init; }

    /// <summary>What bubblewrap itself inherits.</summary>
    public IReadOnlyDictionary<string, string> InheritedEnvironment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>More descriptors that the sandbox inherits.</summary>
    public IReadOnlyList<System.Runtime.InteropServices.SafeHandle> InheritedDescriptors { get; init; } = [];
}
