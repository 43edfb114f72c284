using TarsEngine.Configuration;
using TarsEngine.Permissions;
using TarsEngine.Terminal;
using TarsEngine.Terminal.Dependencies;
using TarsEngine.Terminal.Scripts;
using TarsEngine.Tests.Sandbox;

namespace TarsEngine.Tests.Terminal.Scripts;

/// <summary>Scripts in a folder of their own, run by the real executor.</summary>
internal sealed class ScriptGround(SandboxFixture sandbox) : IDisposable
{
    private readonly TempFolder folder = new();

    public NetworkAccess Network { get; set; } = NetworkAccess.None;

    public List<OutputLine> Lines { get; } = [];

    public string Text => string.Join('\n', Lines.Where(line => line.Source == OutputSource.Output).Select(line => line.Text));

    public ScriptGround With(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File("scripts/" + path))!);
        File.WriteAllText(folder.File("scripts/" + path), text);
        return this;
    }

    /// <param name="path">The file; null: the whole folder.</param>
    public async Task<ScriptOutcome> Run(string? path = null, ScriptLanguage? language = null, DependencySettings? settings = null, int seconds = 60, params string[] arguments)
    {
        Lines.Clear();
        using var source = ScriptSource.Open(path is null ? folder.File("scripts") : folder.File("scripts/" + path), sandbox.Files, sandbox.Objects, out var refused);
        if (source is null) return refused!;
        var terminal = new TerminalExecutor(sandbox.Environment, sandbox.State);
        var outcome = await new ScriptExecutor(terminal, sandbox.Factory, sandbox.State, new DependencyInstaller(terminal, settings ?? DependencySettings.Default, Network))
            .RunAsync(new(source, language, arguments, TimeSpan.FromSeconds(seconds)), Lines.Add, cancellation: TestContext.Current.CancellationToken);
        Assert.DoesNotContain(sandbox.Factory.List(), name => name.StartsWith("script-", StringComparison.Ordinal));
        return outcome;
    }

    public void Dispose() => folder.Dispose();
}
