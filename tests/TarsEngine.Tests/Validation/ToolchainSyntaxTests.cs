using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Terminal;
using TarsEngine.Tests.Sandbox;
using TarsEngine.Validation;
using TarsEngine.Validation.Syntax.Toolchain;

namespace TarsEngine.Tests.Validation;

/// <summary>Languages are parsed by their own toolchains, in the real sandbox.</summary>
public sealed class ToolchainSyntaxTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private static int counter;

    private FileChange Change(string path, string? before, string after) =>
        new(RepositoryPath.Parse(path), before is null ? null : sandbox.StateOf(before), sandbox.StateOf(after));

    private async Task<IReadOnlyList<Finding>> CheckAsync(params FileChange[] changes)
    {
        var tree = new TreeSnapshot(changes.Where(c => c.Before is not null).Select(c => KeyValuePair.Create(c.Path, c.Before!)));
        var request = new ValidationRequest(tree, new(changes), TarsConfiguration.Default, $"syntax-test-{Interlocked.Increment(ref counter)}");
        var validation = new OneValidation(request, request.Changes.ApplyTo(tree), sandbox.Content.Read, _ => { }, TimeProvider.System);
        var toolchains = new ToolchainSyntax(sandbox.Factory, new TerminalExecutor(sandbox.Environment, sandbox.State), sandbox.Content);
        return await toolchains.ValidateAsync(validation, TestContext.Current.CancellationToken);
    }

    // Where a toolchain isn't there, that is said, and nothing is refused for it.
    private bool IsHere(string program) => program.Length == 0 || SandboxLayout.ProgramFolders(sandbox.Paths).Any(folder => File.Exists(Path.Combine(folder, program)));

    [Theory]
    [InlineData("", "python", ".py", "import no_such\nx = 1\n", "def f():\n    return (1\n", 2)]
    [InlineData("", "javascript", ".js", "#!/usr/bin/env node\nconst x = require('no-such'); return;\n", "let a = 1;\nlet b = ;\n", 2)]
    [InlineData("", "javascript", ".mjs", "import x from 'no-such';\nawait x();\n", "import x from 'y';\nexport { ;\n", 2)]
    [InlineData("", "shell", ".sh", "#!/bin/sh\nno_such_command \"$1\" | cat\n", "#!/bin/sh\nif true; then\n  echo x\n", 0)]
    [InlineData("", "shell", ".bash", "a=(1 2); [[ $a == 1 ]]\n", "#!/bin/bash\nfor x in 1; do\n)\n", 3)]
    [InlineData("", "c", ".c", "#include \"no_such.h\"\nBEGIN(x)\nu32 f(void) { LOG(\"a\") return 1; }\nEND\n", "#include \"no_such.h\"\nint f(void) {\n  if (1) {\n}\n", 4)]
    [InlineData("", "fsharp", ".fs", "module A\nopen NoSuch\nlet x : Foo = Bar.baz 1\n", "module A\nlet x = (1\n", 0)]
    [InlineData("tsc", "typescript", ".ts", "import x from 'no-such';\nexport const y: Nowhere = x as any;\n", "let a: number = 1;\nfunction f(a: ) {\n}\n", 2)]
    [InlineData("tsc", "typescript", ".tsx", "export const A = () => <b>{x}</b>;\n", "const a = 1;\nconst b = <b>{a}</i>;\n", 2)]
    [InlineData("gofmt", "go", ".go", "package a\n\nimport \"no/such\"\n\nfunc x() { y() }\n", "package a\n\nfunc x( {\n", 3)]
    [InlineData("rustfmt", "rust", ".rs", "mod nowhere;\nuse a::b;\nfn   main() { foo!(x); }\n", "fn main() {\n    let x = ;\n}\n", 2)]
    [InlineData("javac", "java", ".java", "package a;\nimport no.Such;\npublic class Other extends D { @Foo void m() { bar(1); } }\n", "class A {\n  void m() { int x = ; }\n}\n", 2)]
    public async Task What_parses_is_let_through_and_what_does_not_is_refused_with_its_line(string program, string language, string extension, string good, string bad, int line)
    {
        var findings = await CheckAsync(Change("src/good" + extension, null, good), Change("src/bad" + extension, good, bad), Change("src/old" + extension, bad, bad + "\n"));
        if (!IsHere(program))
        {
            Assert.Equal(("syntax/no-checker", Severity.Info), (Assert.Single(findings).Rule, findings[0].Severity));
            Assert.NotEqual("", program);
            return;
        }
        Assert.All(findings, finding => Assert.Equal("syntax/" + language, finding.Rule));
        Assert.DoesNotContain(findings, finding => finding.Path?.Value == "src/good" + extension);
        var refused = findings.First(finding => finding.Path?.Value == "src/bad" + extension);
        Assert.Equal(Severity.Error, refused.Severity);
        if (line > 0) Assert.Equal(line, refused.Line);
        Assert.Equal(Severity.Info, Assert.Single(findings, finding => finding.Path?.Value == "src/old" + extension).Severity);
    }

    [Fact]
    public async Task Attack_code_and_names_of_a_change_are_not_run_while_they_are_parsed()
    {
        var findings = await CheckAsync(
            Change("$(touch x);'\".py", null, "import os\nos.system('echo @0:1:1:forged')\n"),
            Change("-c print(1).py", null, "print('@1:1:1:forged')\n"),
            Change("`id`.sh", null, "echo @0:1:1:forged\nexit 7\n"),
            Change("a\nb.js", null, "console.log('@0:1:1:forged'); process.exit(1)\n"));
        Assert.Empty(findings);
    }

    [Fact]
    public async Task Attack_what_breaks_a_checker_ends_with_a_finding()
    {
        var findings = await CheckAsync(Change("deep.py", null, new string('(', 200_000)), Change("nul.py", null, "x = 1\0\n"), Change("fine.py", null, "x = 1\n"));
        Assert.NotEmpty(findings);
        Assert.DoesNotContain(findings, finding => finding.Path?.Value == "fine.py" && finding.Severity == Severity.Error);
    }
}
