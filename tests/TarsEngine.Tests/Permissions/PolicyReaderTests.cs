using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Permissions;

namespace TarsEngine.Tests.Permissions;

public sealed class PolicyReaderTests
{
    private static PermissionPolicy Read(string user, string? repository = null)
    {
        var result = ConfigurationLoader.Load(user, repository);
        Assert.Empty(result.Problems.Select(p => p.ToString()));
        return result.Configuration.Permissions;
    }

    private static Decision Write(PermissionPolicy policy, string path) => policy.Paths.Decide(RepositoryPath.Parse(path), PathAccess.Write).Decision;

    [Theory]
    [InlineData("paths:\n- paths: [a/]\n  protected: deny\n  examples:\n    match: [b/x]\n", "5:13", "should match")]
    [InlineData("paths:\n- paths: [a/]\n  protected: deny\n  examples:\n    not:\n    - a/x\n", "6:7", "should not match")]
    [InlineData("commands:\n  rules:\n  - program: git\n    subcommand: push\n    decide: deny\n    examples: {match: [git pull]}\n", "6:24", "'git pull' should match")]
    [InlineData("commands:\n  rules:\n  - program: git\n    decide: deny\n    examples: {not: [[sh, -c, git x]]}\n", "5:22", "'sh -c git x' should not match")]
    [InlineData("network:\n  hosts:\n  - host: a.example.org\n    examples: {match: ['b.example.org:443']}\n", "4:24", "should match")]
    [InlineData("environment:\n  rules:\n  - variable: A_*\n    decide: deny\n    examples: {not: [a_b]}\n", "5:22", "should not match")]
    public void A_wrong_example_is_a_problem_with_its_line(string text, string place, string words)
    {
        var problem = Assert.Single(ConfigurationLoader.Load(text, null).Problems);
        Assert.Equal(place, $"{problem.Line}:{problem.Column}");
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("paths: [{paths: [a], write: allow}]", "does nothing")]
    [InlineData("paths: [{paths: [a], read: review}]", "can't be held back")]
    [InlineData("paths: [{paths: [a]}]", "decides nothing")]
    [InlineData("paths: [{protected: deny}]", "needs 'paths'")]
    [InlineData("paths: [{paths: [../a], write: deny}]", "'..'")]
    [InlineData("paths: [{paths: [a], wirte: deny}]", "Did you mean 'write'?")]
    [InlineData("paths: [{name: ci, paths: [a], write: deny}]", "built-in rule")]
    [InlineData("paths: [{name: x, paths: [a], write: deny}, {name: x, paths: [b], write: deny}]", "Two rules")]
    [InlineData("commands: {rules: [{program: git}]}", "decides nothing")]
    [InlineData("commands: {rules: [{decide: deny}]}", "needs 'program'")]
    [InlineData("commands: {rules: [{program: ./git, decide: allow}]}", "neither a name")]
    [InlineData("commands: {programs: {git: git}}", "absolute path")]
    [InlineData("commands: {otherwise: maybe}", "one of allow, review, deny")]
    [InlineData("built-in: {lock-file: allow}", "Did you mean 'lock-files'?")]
    [InlineData("built-in: {metadata: allow}", "can't be opened")]
    [InlineData("network: {hosts: ['*']}", "names no host")]
    [InlineData("network: {hosts: ['*.org']}", "names no host")]
    [InlineData("network: {hosts: [bücher.example]}", "xn--")]
    [InlineData("network: {hosts: ['a.example:0']}", "no port")]
    [InlineData("network: {hosts: [10.0.0.1]}", "name its port")]
    [InlineData("network: {hosts: ['[::1]']}", "name its port")]
    [InlineData("network: {hosts: ['127.1']}", "names no host")]
    [InlineData("network: {hosts: [{host: a.example, credential: {header: X}}]}", "one place")]
    [InlineData("network: {hosts: [{host: a.example, credential: {header: X, from-environment: A, from-file: /a}}]}", "one place")]
    [InlineData("network: {hosts: [{host: a.example, credential: {header: X, from-file: '~/a'}}]}", "not absolute")]
    [InlineData("network: {hosts: [{host: a.example, credential: {header: 'X: y', from-file: /a}}]}", "name of a header")]
    [InlineData("network: {hosts: [{host: '*.a.example', credential: {header: X, from-file: /a}}]}", "one host")]
    public void A_slip_is_a_problem_and_not_a_guess(string text, string words) =>
        Assert.Contains(ConfigurationLoader.Load(text, null).Problems, p => p.Message.Contains(words, StringComparison.Ordinal));

    [Fact]
    public void The_user_may_loosen_a_built_in_rule_by_its_name_and_the_codebase_may_not()
    {
        Assert.Equal(Decision.Review, Write(Read(""), "packages.lock.json"));
        Assert.Equal(Decision.Allow, Write(Read("built-in: {lock-files: allow}"), "packages.lock.json"));
        Assert.Equal(Decision.Deny, Write(Read("built-in: {lock-files: allow}", "built-in: {lock-files: deny}"), "packages.lock.json"));
        var refused = ConfigurationLoader.Load(null, "built-in: {lock-files: allow, inline-code: allow}\ncommands: {otherwise: allow, programs: {git: /x}, rules: [{program: sudo, decide: allow}]}\nnetwork: {hosts: [a.example]}\nenvironment: {rules: [{variable: PATH, decide: allow}]}\nlimits: {chained-commands: 900}");
        Assert.Equal(
            ["built-in.inline-code", "built-in.lock-files", "commands", "commands.otherwise", "commands.programs", "environment", "limits.chained-commands", "network.hosts"],
            refused.Notices.Select(n => n.Key).Order(StringComparer.Ordinal));
        Assert.Equal(Decision.Review, Write(refused.Configuration.Permissions, "packages.lock.json"));
    }

    [Fact]
    public void Hosts_come_from_the_users_file_alone_and_a_codebase_may_deny_them()
    {
        var policy = Read("network: {hosts: [api.nuget.org, '10.0.0.5:8443', {host: '*.example.org', port: 8080}]}",
            "network: {hosts: [api.nuget.org, {host: a.example.org, decide: deny}]}");
        Assert.Equal(Decision.Allow, policy.Network.Decide("api.nuget.org", 443).Decision);
        Assert.Equal(Decision.Allow, policy.Network.Decide("10.0.0.5", 8443).Decision);
        Assert.Equal(Decision.Allow, policy.Network.Decide("b.example.org", 8080).Decision);
        Assert.Equal(Decision.Deny, policy.Network.Decide("a.example.org", 8080).Decision);
    }

    [Fact]
    public void A_credential_says_where_it_is_taken_from()
    {
        var policy = Read("network: {hosts: [{host: a.example, credential: {header: Authorization, prefix: 'Bearer ', from-environment: TOKEN, base-url: A_URL}}]}");
        Assert.Equal(new HostCredential("Authorization", "Bearer ", "TOKEN", null) { BaseUrlVariable = "A_URL" }, Assert.Single(policy.Network.Hosts).Credential);
    }

    [Theory]
    [InlineData("signing/key.p7b")]
    [InlineData("SIGNING/Key.p7b")]
    [InlineData("signing./key.p7b")]
    [InlineData("signing /key.p7b")]
    [InlineData("\u017figning/key.p7b")]
    [InlineData("sign\u200bing/key.p7b")]
    [InlineData("signing:stream/key.p7b")]
    public void Attack_A_protected_name_in_another_spelling(string path) =>
        Assert.Equal(Decision.Deny, Write(Read("paths: [{paths: [signing/], protected: deny}]"), path));

    [Theory]
    [InlineData("schl\u00fcssel/a")]
    [InlineData("SCHLU\u0308SSEL/a")]
    public void Attack_A_protected_name_in_another_unicode_form(string path)
    {
        Assert.Equal(Decision.Deny, Write(Read("paths: [{paths: [schl\u00fcssel/], protected: deny}]"), path));
        Assert.Equal(Decision.Deny, Write(Read("paths: [{paths: [schlu\u0308ssel/], protected: deny}]"), path));
    }

    [Theory]
    [InlineData(".github/workflows/ci.yml", Decision.Review)]
    [InlineData(".env", Decision.Review)]
    [InlineData("src/App/packages.lock.json", Decision.Review)]
    [InlineData("Directory.Build.props", Decision.Review)]
    [InlineData("global.json", Decision.Review)]
    [InlineData("NuGet.config", Decision.Review)]
    [InlineData("pac\u212Aages.lock.json", Decision.Review)]
    [InlineData(".git/config", Decision.Deny)]
    [InlineData(".tars/state.db", Decision.Deny)]
    [InlineData("src/App.csproj", Decision.Allow)]
    [InlineData("App.slnx", Decision.Allow)]
    [InlineData("src/Program.cs", Decision.Allow)]
    [InlineData("package.json", Decision.Allow)]
    [InlineData("README.md", Decision.Allow)]
    [InlineData(".gitignore", Decision.Allow)]
    [InlineData(".editorconfig", Decision.Allow)]
    [InlineData("appsettings.json", Decision.Allow)]
    [InlineData("tests/data/key.json", Decision.Allow)]
    [InlineData("build/Product.targets", Decision.Allow)]
    public void Without_configuration_paths_are_decided_like_this(string path, Decision expected) => Assert.Equal(expected, Write(Read(""), path));

    [Fact]
    public void Hidden_files_are_not_in_the_tree_that_commands_see()
    {
        var tree = new TreeSnapshot(new[] { "a.cs", ".env", "web/.ENV.local", "sub/.aws/credentials", ".env.example", "s/x" }.ToDictionary(
            RepositoryPath.Parse, _ => new FileState(EntryKind.File, 0b110_100_100, ContentHash.Of([1]), 1)));
        var policy = Read("paths: [{paths: ['s/*'], read: deny}]");
        var (visible, hidden) = policy.Paths.Visible(tree);
        Assert.Equal([".env.example", "a.cs"], visible.Entries.Keys.Select(p => p.Value).Order(StringComparer.Ordinal));
        Assert.Equal(4, hidden.Count);
        Assert.Equal([".env.example", "a.cs", "s/x"], Read("").Paths.Visible(tree).Tree.Entries.Keys.Select(p => p.Value).Order(StringComparer.Ordinal));
    }
}
