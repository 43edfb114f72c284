using System.Text.Json;

namespace TarsCli.Tests;

/// <summary>'policy check' as people and programs use it.</summary>
public sealed class PolicyCommandTests : IDisposable
{
    private readonly CliFolder cli = new();

    public PolicyCommandTests()
    {
        cli.Write("a.cs", "class A;\n");
        cli.Commit();
    }

    public void Dispose() => cli.Dispose();

    [Theory]
    [InlineData(0, "path", "src/a.cs", "--write")]
    [InlineData(8, "path", ".github/workflows/ci.yml", "--write")]
    [InlineData(5, "path", ".git/config")]
    [InlineData(5, "path", ".env")]
    [InlineData(8, "path", ".env", "--create")]
    [InlineData(2, "path", "../x")]
    [InlineData(0, "command", "--", "dotnet", "build", "-c", "Release")]
    [InlineData(8, "command", "--", "mytool", "--write")]
    [InlineData(5, "command", "--", "git", "push")]
    [InlineData(5, "command", "--env", "PAGER=x", "--", "git", "log")]
    [InlineData(5, "host", "api.nuget.org:443")]
    [InlineData(2, "host", "api.nuget.org:x")]
    [InlineData(2, "patch", "none.patch")]
    public void The_exit_code_is_the_decision(int code, params string[] question) => cli.Expect(code, ["policy", "check", .. question]);

    [Fact]
    public void The_rule_that_decided_is_named_with_its_place()
    {
        cli.Configure("network:\n  hosts:\n    - api.nuget.org\n");
        cli.Write("tars.yaml", "commands:\n  rules:\n    - name: no-format\n      program: dotnet\n      subcommand: format\n      decide: deny\n      because: we format by hand\n    - program: curl\n      decide: allow\n");
        var denied = cli.Expect(5, "policy", "check", "command", "--", "sh", "-c", "dotnet format");
        Assert.Contains("deny    dotnet format  The rule 'no-format' (tars.yaml:3) denies 'dotnet format': we format by hand", denied.Answer, StringComparison.Ordinal);
        Assert.Contains("'commands' in tars.yaml allows commands by the rule", denied.Talk, StringComparison.Ordinal);
        var host = cli.Expect(0, "policy", "check", "host", "api.nuget.org", "--format", "json");
        var json = JsonDocument.Parse(host.Answer).RootElement;
        Assert.Equal(("tars/policy-decision/v1", "allow"), (json.GetProperty("schema").GetString(), json.GetProperty("decision").GetString()));
        var part = json.GetProperty("parts")[0];
        Assert.Equal(("user", 3), (part.GetProperty("author").GetString(), part.GetProperty("line").GetInt32()));
    }

    [Fact]
    public void A_patch_is_judged_by_the_change_that_comes_of_it()
    {
        cli.Write("a.cs", "class B;\n");
        var patch = cli.Git("diff", "--binary") + "\n";
        Assert.Contains("modify a.cs", ExpectWithInput(0, patch, "policy", "check", "patch", "-").Answer, StringComparison.Ordinal);
        cli.Write("global.json", "{}\n");
        cli.Git("add", "-N", "global.json");
        var held = ExpectWithInput(8, cli.Git("diff", "--binary") + "\n", "policy", "check", "patch", "-");
        Assert.Contains("review  create global.json", held.Answer, StringComparison.Ordinal);
        var link = "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc/passwd\n\\ No newline at end of file\n";
        Assert.Contains("link/escapes", ExpectWithInput(5, link, "policy", "check", "patch", "-", "--format", "json").Answer, StringComparison.Ordinal);
        ExpectWithInput(2, "no patch\n", "policy", "check", "patch", "-");
    }

    private CliResult ExpectWithInput(int code, string input, params string[] arguments)
    {
        var result = cli.RunWithInput(input, arguments);
        Assert.True(result.Code == code, $"tarscli {string.Join(' ', arguments)}: expected {code}, {result}");
        return result;
    }

    [Fact]
    public void The_policy_in_force_is_shown_with_where_each_rule_came_from()
    {
        cli.Configure("paths:\n  - name: mine\n    paths: [x/]\n    protected: deny\nbuilt-in:\n  lock-files: allow\n");
        var shown = cli.Expect(0, "policy", "check").Answer;
        Assert.Contains("git-settings", shown, StringComparison.Ordinal);
        Assert.Contains("mine", shown, StringComparison.Ordinal);
        var json = JsonDocument.Parse(cli.Expect(0, "policy", "check", "--format", "json").Answer).RootElement;
        Assert.Equal("tars/policy/v1", json.GetProperty("schema").GetString());
        var rules = json.GetProperty("rules").EnumerateArray().ToDictionary(r => r.GetProperty("name").GetString()!, StringComparer.Ordinal);
        Assert.EndsWith("config.yaml:2", rules["mine"].GetProperty("from").GetString(), StringComparison.Ordinal);
        Assert.Equal("allow", rules["lock-files"].GetProperty("decision").GetString());
        Assert.Equal("read: deny", rules["secrets-hidden"].GetProperty("decision").GetString());
    }

    [Fact]
    public void Attack_A_command_in_the_sandbox_does_not_see_what_policy_hides()
    {
        cli.Write(".env", "TOKEN=secret\n");
        var seen = cli.Run("sandbox", "run", "--", "sh", "-c", "ls -a; cat .env");
        Assert.Contains("a.cs", seen.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain(".env", seen.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", seen.Answer + seen.Talk, StringComparison.Ordinal);
        Assert.Equal("TOKEN=secret\n", cli.Read(".env"));
    }

    [Fact]
    public void A_wrong_example_stops_every_command_and_names_its_line()
    {
        cli.Configure("paths:\n  - paths: [x/]\n    protected: deny\n    examples:\n      match: [y/a]\n");
        Assert.Contains("config.yaml:5:15: The example 'y/a' should match this rule", cli.Expect(2, "policy", "check").Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void Adding_an_improvement_tells_what_policy_will_say()
    {
        cli.Write("../i.yaml", "schema: tars/improvement/v1\ntitle: Push\ncommand: [git, push]\n");
        Assert.Contains("It will be denied: The rule 'git-elsewhere'", cli.Expect(0, "improve", "add", "../i.yaml").Talk, StringComparison.Ordinal);
        Assert.Contains("git-elsewhere", cli.Expect(5, "execute", "improvement", "--id", "IMP-1", "--dry-run").Talk, StringComparison.Ordinal);
    }
}
