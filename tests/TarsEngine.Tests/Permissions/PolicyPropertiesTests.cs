using FsCheck;
using FsCheck.Fluent;
using TarsEngine.Files;
using TarsEngine.Permissions;

namespace TarsEngine.Tests.Permissions;

/// <summary>What holds for every policy, tried on random ones.</summary>
public sealed class PolicyPropertiesTests
{
    private static readonly Dictionary<string, string> None = new(StringComparer.Ordinal);
    private static readonly string[] Programs = ["git", "dotnet", "sudo", "mytool", "sh", "python3", "rm"];
    private static readonly string[] Words = ["build", "push", "exec", "-c", "--force", "/", "a.cs", "x=1"];
    private static readonly string[] Segments = ["src", ".env", "a.cs", "b.lock", "packages.lock.json", ".github", "workflows", "X"];
    private static readonly string[] Patterns = ["src/", "*.cs", "a.cs", "**/X", "src/**/a.cs", ".env", "*.lock"];
    private static readonly string[] Variables = ["PAGER", "CI", "DEPLOY_KEY", "PATH"];
    private static readonly string[] Hosts = ["a.example.org", "b.example.org", "example.org", "10.0.0.1"];
    private static readonly string[] BuiltIns = ["lock-files", "ci", "dotnet", "git-elsewhere", "inline-code", "privileges", "helper-variables", "secrets-hidden"];

    private static readonly Gen<Decision> Decisions = Gen.Elements(Decision.Allow, Decision.Review, Decision.Deny);
    private static readonly Gen<Decision> Strict = Gen.Elements(Decision.Review, Decision.Deny);

    private static Gen<T?> Maybe<T>(Gen<T> gen) where T : struct => Gen.OneOf(Gen.Constant<T?>(null), gen.Select(v => (T?)v));

    private static Gen<PolicySection> Sections(RuleAuthor author) =>
        from paths in Gen.ListOf(from p in Gen.Elements(Patterns) from read in Gen.Elements<Decision?>(null, Decision.Deny) from w in Maybe(Strict) from c in Maybe(Strict) from d in Maybe(Strict)
                                 select (p, read, w, c, d))
        from commands in Gen.ListOf(from p in Gen.Elements(Programs) from sub in Gen.Elements<string?>([null, .. Words]) from with in Gen.Elements<string?>([null, .. Words]) from d in Decisions
                                    select (p, sub, with, d))
        from variables in Gen.ListOf(from v in Gen.Elements(Variables) from d in Decisions select (v, d))
        from hosts in Gen.ListOf(from h in Gen.Elements([.. Hosts, "*.example.org"]) from d in Decisions select (h, d))
        from builtIn in Gen.ListOf(from b in Gen.Elements(BuiltIns) from d in Decisions select (b, d))
        from otherwise in Maybe(Decisions)
        from environment in Maybe(Decisions)
        select new PolicySection
        {
            Paths = [.. paths.Select((r, i) => new PathRule($"{author}-p{i}", Origin(author, i), "", [PathPattern.Parse(r.p)], [], r.read, r.w, r.c, r.d))],
            Commands = [.. commands.Select((r, i) => new CommandRule($"{author}-c{i}", Origin(author, i), "", [r.p], r.sub is null ? null : [r.sub], null, r.with is null ? null : [r.with], null, [], r.d))],
            Environment = [.. variables.Select((r, i) => new EnvironmentRule($"{author}-e{i}", Origin(author, i), "", [r.v], [], r.d))],
            Hosts = [.. hosts.Select((r, i) => new HostRule(r.h, 443, r.d, Origin(author, i)))],
            BuiltIn = builtIn.GroupBy(b => b.b, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().d, StringComparer.Ordinal),
            CommandsOtherwise = otherwise,
            EnvironmentOtherwise = environment,
        };

    private static RuleOrigin Origin(RuleAuthor author, int line) => new(author, "file", line + 1);

    private static readonly Gen<string[]> Commands =
        from program in Gen.Elements([.. Programs, "./git", "env", "busybox"])
        from words in Gen.ListOf(Gen.Elements([.. Words, .. Programs, "--upload-pack=x", "-S"]))
        select (string[])[program, .. words.Take(6)];

    private static readonly Gen<RepositoryPath> Paths =
        from segments in Gen.NonEmptyListOf(Gen.Elements(Segments))
        select RepositoryPath.Parse(string.Join('/', segments.Take(5)));

    // Everything that a policy can be asked, as decisions in a fixed order.
    private static List<Decision> Answers(PermissionPolicy policy, string[] command, RepositoryPath path) =>
    [
        .. Enum.GetValues<PathAccess>().Select(access => policy.Paths.Decide(path, access).Decision),
        policy.Commands.Decide(command, None).Decision,
        .. Variables.Select(v => policy.Commands.Environment.Decide(v, "x").Decision),
        .. Hosts.Select(h => policy.Network.Decide(h, 443).Decision),
    ];

    private static void Hold(Func<PolicySection, PolicySection, string[], RepositoryPath, bool> property) => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(
            Arb.From(from user in Sections(RuleAuthor.User) from repository in Sections(RuleAuthor.Repository) from command in Commands from path in Paths select (user, repository, command, path)),
            all => property(all.user, all.repository, all.command, all.path)));

    [Fact]
    public void A_codebases_rules_never_loosen_anything() => Hold((user, repository, command, path) =>
    {
        var alone = Answers(PolicyLayers.Join(user, PolicySection.Empty, (_, _) => { }), command, path);
        var both = Answers(PolicyLayers.Join(user, repository, (_, _) => { }), command, path);
        return alone.Zip(both).All(pair => pair.Second >= pair.First);
    });

    [Fact]
    public void The_order_of_rules_does_not_matter() => Hold((user, repository, command, path) =>
    {
        var turned = user with { Paths = [.. user.Paths.Reverse()], Commands = [.. user.Commands.Reverse()], Environment = [.. user.Environment.Reverse()], Hosts = [.. user.Hosts.Reverse()] };
        PermissionPolicy one = PolicyLayers.Join(user, repository, (_, _) => { }), other = PolicyLayers.Join(turned, repository, (_, _) => { });
        return Answers(one, command, path).SequenceEqual(Answers(other, command, path))
            && one.Paths.Decide(path, PathAccess.Write).Rule == other.Paths.Decide(path, PathAccess.Write).Rule
            && one.Commands.Decide(command, None).Rule == other.Commands.Decide(command, None).Rule;
    });

    [Fact]
    public void The_strictest_rule_wins() => Hold((user, _, command, path) =>
    {
        var policy = PolicyLayers.Join(user, PolicySection.Empty, (_, _) => { });
        var answers = Answers(policy, command, path);
        // Each rule alone, as strict as it is: together they are never milder than any of them.
        return user.Paths.All(rule => Enum.GetValues<PathAccess>().All(access => new PathPolicy([rule]).Decide(path, access).Decision <= policy.Paths.Decide(path, access).Decision))
            && user.Commands.Where(r => r.Decide != Decision.Allow).All(rule =>
                new CommandPolicy([rule], Decision.Allow, new([], Decision.Allow)) { InlineCode = Decision.Allow, CodeFromInput = Decision.Allow }.Decide(command, None).Decision
                    is var alone && (alone == Decision.Allow || alone <= policy.Commands.Decide(command, None).Decision))
            && user.Hosts.All(rule => Hosts.All(host => !rule.Matches(host, 443) || policy.Network.Decide(host, 443).Decision >= rule.Decide));
    });

    [Fact]
    public void What_is_ignored_of_a_codebases_rules_is_said() => Hold((user, repository, _, _) =>
    {
        var ignored = new List<string>();
        PolicyLayers.Join(user, repository, (key, _) => ignored.Add(key));
        return repository.Commands.Count(r => r.Decide == Decision.Allow) == ignored.Count(k => k == "commands")
            && repository.Environment.Count(r => r.Decide == Decision.Allow) == ignored.Count(k => k == "environment");
    });
}
