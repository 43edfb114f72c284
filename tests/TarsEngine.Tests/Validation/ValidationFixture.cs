using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Planning;
using TarsEngine.Storage;
using TarsEngine.Terminal;
using TarsEngine.Tests.Sandbox;
using TarsEngine.Validation;
using TarsEngine.Validation.Semantics;

namespace TarsEngine.Tests.Validation;

/// <summary>A real validator over a real sandbox, and a small .NET codebase. Its baseline is run once and reused by every test.</summary>
public sealed class ValidationFixture : IDisposable
{
    private const string Code = "namespace Greeter;\npublic static class Greeting\n{\n    public static string For(string name) => \"Hello, \" + name + \"!\";\n}\n";

    private const string Tests = """
        public class GreetingTests
        {
            [Xunit.Fact]
            public void Greets() => Xunit.Assert.Equal("Hello, Ada!", Greeter.Greeting.For("Ada"));

            [Xunit.Fact]
            public void Greets_anyone() => Xunit.Assert.EndsWith("!", Greeter.Greeting.For(""));
        }

        """;

    private readonly SandboxFixture sandbox = new();
    private readonly StateDatabase database;
    private readonly SemanticValidator semantics;
    private readonly ChangeValidator validator;
    private int counter;

    public ValidationFixture()
    {
        database = StateDatabase.Open(sandbox.State.Database, TimeProvider.System);
        var terminal = new TerminalExecutor(sandbox.Environment, sandbox.State);
        semantics = new(sandbox.Content, sandbox.Factory, sandbox.State, terminal, TimeProvider.System);
        validator = new(sandbox.Content, sandbox.Factory, terminal, database, sandbox.Files, TimeProvider.System, semantics, "");
        Base = sandbox.Tree(
            ("src/Greeter.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"""),
            ("src/Greeting.cs", Code),
            ("test/Greeter.Tests.csproj", """
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
                  <ItemGroup>
                    <PackageReference Include="Microsoft.NET.Test.Sdk" Version="18.0.1" />
                    <PackageReference Include="xunit" Version="2.9.3" />
                    <PackageReference Include="xunit.runner.visualstudio" Version="3.1.5" />
                    <ProjectReference Include="../src/Greeter.csproj" />
                  </ItemGroup>
                </Project>
                """),
            ("test/GreetingTests.cs", Tests),
            ("TestResults/stale.trx", "<TestRun><Results><UnitTestResult testName=\"Stale\" testId=\"1\" outcome=\"Passed\"/></Results><ResultSummary><Counters total=\"1\"/></ResultSummary></TestRun>"));
    }

    public TreeSnapshot Base { get; }

    /// <summary>The running compilers' workspaces, by name and time of birth.</summary>
    public IReadOnlyList<(string Name, DateTime Born)> Compilers =>
        [.. sandbox.Factory.List().Where(name => name.StartsWith("compiler-", StringComparison.Ordinal)).Select(name => (name, Directory.GetCreationTimeUtc(Path.Combine(sandbox.State.Workspaces, name))))];

    public FileChange Change(string path, string? text, TreeSnapshot? tree = null)
    {
        var at = RepositoryPath.Parse(path);
        return new(at, (tree ?? Base)[at], text is null ? null : sandbox.StateOf(text));
    }

    public string Text(string path) => System.Text.Encoding.UTF8.GetString(sandbox.Content.Read(RepositoryPath.Parse(path), Base[RepositoryPath.Parse(path)]!));

    public FileChange Replace(string path, string old, string with)
    {
        var text = Text(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        return Change(path, text.Replace(old, with, StringComparison.Ordinal));
    }

    public TreeSnapshot Tree(params (string Path, string Text)[] files) => sandbox.Tree(files);

    public Task<(Verdict Verdict, IReadOnlyList<ExecutionEvent> Events)> ValidateAsync(params FileChange[] changes) =>
        ValidateAsync(Base, TarsConfiguration.Default, changes);

    public Task<(Verdict Verdict, IReadOnlyList<ExecutionEvent> Events)> ValidateAsync(TreeSnapshot tree, TarsConfiguration configuration, params FileChange[] changes) =>
        ValidateAsync(tree, configuration, [], changes);

    public async Task<(Verdict Verdict, IReadOnlyList<ExecutionEvent> Events)> ValidateAsync(
        TreeSnapshot tree, TarsConfiguration configuration, IReadOnlyList<ConfigurationNotice> notices, params FileChange[] changes) =>
        await ValidateAsync(ValidationDepth.Tests, tree, configuration, notices, changes);

    public async Task<(Verdict Verdict, IReadOnlyList<ExecutionEvent> Events)> ValidateAsync(
        ValidationDepth depth, TreeSnapshot tree, TarsConfiguration configuration, IReadOnlyList<ConfigurationNotice> notices, params FileChange[] changes)
    {
        var events = new List<ExecutionEvent>();
        var request = new ValidationRequest(tree, new ChangeSet(changes), configuration, $"CTX-{Interlocked.Increment(ref counter)}") { Notices = notices, Depth = depth };
        var verdict = await validator.ValidateAsync(request, e => { lock (events) events.Add(e); }, TestContext.Current.CancellationToken);
        return (verdict, events);
    }

    public void Dispose()
    {
        semantics.DisposeAsync().AsTask().GetAwaiter().GetResult();
        database.Dispose();
        sandbox.Dispose();
    }
}
