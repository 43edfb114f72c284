using System.CommandLine;
using System.Globalization;
using TarsCli.Output;
using TarsEngine;
using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Permissions;

namespace TarsCli.Commands;

/// <summary>'policy check': the policy in force, or what it says to a path, a command, a host or a patch, and which rule says so.</summary>
internal static class PolicyCheckCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var format = Options.Format();
        var check = new TarsCommand("check", "Show the policy in force, or which rule decides on one thing",
            ("tarscli policy check", "every rule in force, and where it came from"),
            ("tarscli policy check path src/a.cs --write", "may a change write this file?"),
            ("tarscli policy check command -- git push", "may a step run this? Put '--' before it"),
            ("tarscli policy check host api.nuget.org:443", "may a command speak to it?"),
            ("tarscli policy check patch change.patch", "what does policy say to the whole change?"))
        {
            PathQuestion(composition), CommandQuestion(composition), HostQuestion(composition), PatchQuestion(composition), format,
        };
        check.SetWork(composition, run =>
        {
            var policy = run.Codebase.PolicyInForce();
            if (run.Parsed.GetValue(format) == OutputFormat.Json) run.Screen.AnswerRaw(PolicyDocument.Of(policy).ToJson());
            else ShowAll(run.Screen, policy);
            return Ending.Done;
        });
        return check;
    }

    private static TarsCommand PathQuestion(CompositionRoot composition)
    {
        var path = new Argument<string>("path") { Description = "A path inside the codebase, relative to its root" };
        var format = Options.Format();
        var accesses = Enum.GetValues<PathAccess>().Select(a => (Access: a, Option: Options.Switch($"--{Words.Id(a)}", $"Ask about: {Words.Text(a)}"))).ToList();
        var command = new TarsCommand("path", "May a change read, write, create or delete this path? Without an option: all four",
            ("tarscli policy check path .github/workflows/ci.yml --write", "held for a person: exit code 8"))
        {
            path, format,
        };
        foreach (var (_, option) in accesses) command.Add(option);
        command.SetWork(composition, run =>
        {
            var text = run.Parsed.GetRequiredValue(path);
            if (!RepositoryPath.TryParse(text, out var parsed, out var problem)) throw new UsageException(problem, "Give the path relative to the codebase's root.");
            var policy = run.Codebase.PolicyInForce();
            var asked = accesses.Where(a => run.Parsed.GetValue(a.Option)).Select(a => a.Access).ToList();
            if (asked.Count == 0) asked = [.. Enum.GetValues<PathAccess>()];
            return Say(run, format, "path", parsed.ToString(), [.. asked.Select(a => policy.Configuration.Permissions.Paths.Decide(parsed, a) is var d ? d with { Subject = $"{Words.Id(a)} {d.Subject}" } : d)], policy);
        });
        return command;
    }

    private static TarsCommand CommandQuestion(CompositionRoot composition)
    {
        var words = new Argument<string[]>("words") { Description = "The program and its arguments, after '--'", Arity = ArgumentArity.OneOrMore };
        var variables = new Option<string[]>("--env") { Description = "A variable that the step sets; may be given several times", HelpName = "NAME=VALUE", Arity = ArgumentArity.OneOrMore };
        variables.AllowMultipleArgumentsPerToken = false;
        var format = Options.Format();
        var command = new TarsCommand("command", "May a step run this command? Each program that it starts is looked at",
            ("tarscli policy check command -- git push", "denied: exit code 5"),
            ("tarscli policy check command --env PAGER=less -- git log", "what a step's variables say"))
        {
            words, variables, format,
        };
        command.SetWork(composition, run =>
        {
            var argv = run.Parsed.GetRequiredValue(words);
            var environment = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var text in run.Parsed.GetValue(variables) ?? [])
            {
                var at = text.IndexOf('=', StringComparison.Ordinal);
                if (at < 1) throw new UsageException($"'{text}' is no NAME=VALUE.", "Give a variable as --env NAME=VALUE.");
                environment[text[..at]] = text[(at + 1)..];
            }
            var policy = run.Codebase.PolicyInForce();
            return Say(run, format, "command", string.Join(' ', argv), policy.Configuration.Permissions.Commands.Explain(argv, environment).Parts, policy);
        });
        return command;
    }

    private static TarsCommand HostQuestion(CompositionRoot composition)
    {
        var host = new Argument<string>("host") { Description = "A host, with ':port' where it is not 443" };
        var format = Options.Format();
        var command = new TarsCommand("host", "May a command speak to this host?", ("tarscli policy check host api.nuget.org:443", "denied unless 'network.hosts' names it"))
        {
            host, format,
        };
        command.SetWork(composition, run =>
        {
            var text = run.Parsed.GetRequiredValue(host);
            var colon = text.LastIndexOf(':');
            var hasPort = colon > 0 && !text.EndsWith(']') && (text.StartsWith('[') || text.IndexOf(':', StringComparison.Ordinal) == colon);
            if (!int.TryParse(hasPort ? text[(colon + 1)..] : "443", NumberStyles.None, CultureInfo.InvariantCulture, out var port))
                throw new UsageException($"'{text}' has no port that is a number.", "Give a host as 'name' or 'name:port'.");
            var policy = run.Codebase.PolicyInForce();
            var said = policy.Configuration.Permissions.Network.Decide(hasPort ? text[..colon] : text, port);
            return Say(run, format, "host", text, [new(said.Decision, said.Rule?.ToString() ?? "", said.Rule?.Origin ?? RuleOrigin.BuiltIn, said.Reason, text)], policy);
        });
        return command;
    }

    private static TarsCommand PatchQuestion(CompositionRoot composition)
    {
        var file = new Argument<string>("file") { Description = "A git patch; '-' reads standard input" };
        var format = Options.Format();
        var command = new TarsCommand("patch", "What does policy say to this patch? It is applied in memory only", ("git diff --binary | tarscli policy check patch -", "from standard input"))
        {
            file, format,
        };
        command.SetWork(composition, async (run, cancellation) =>
        {
            var name = run.Parsed.GetRequiredValue(file);
            var policy = run.Codebase.PolicyInForce();
            switch (await run.Codebase.Permissions.CheckAsync(await ReadAsync(run, name, cancellation), cancellation))
            {
                case PatchDecided decided:
                    IReadOnlyList<PolicyDecision> parts =
                    [
                        .. decided.Paths.Select(p => p.Decision with { Subject = $"{Words.Id(p.Change.Kind)} {p.Decision.Subject}" }),
                        .. decided.Findings.Where(f => f.Rule is not ("path/denied" or "path/protected" or "path/policy" or "path/metadata"))
                            .Select(f => new PolicyDecision(f.Severity == Severity.Error ? Decision.Deny : f.Severity == Severity.Hold ? Decision.Review : Decision.Allow, f.Rule, RuleOrigin.BuiltIn, f.Message, f.Path?.ToString() ?? name)),
                    ];
                    return Say(run, format, "patch", name, parts, policy);
                case PatchNotReadable { IsDenied: true } denied:
                    return Say(run, format, "patch", name, [.. denied.Problems.Select(p => new PolicyDecision(Decision.Deny, "patch", RuleOrigin.BuiltIn, p, name))], policy);
                case PatchNotReadable broken:
                    return new Ending(ExitCode.Usage, $"The patch '{name}' can't be looked at.") { Details = broken.Problems, Hints = ["Make it with 'git diff --binary' on the codebase as it is."] };
                case var other:
                    throw new InvalidOperationException(other.ToString());
            }
        });
        return command;
    }

    /// <summary>A patch's bytes. Shared with 'validate'.</summary>
    public static async Task<byte[]> ReadAsync(CommandRun run, string name, CancellationToken cancellation)
    {
        if (name != "-" && !File.Exists(name)) throw new UsageException($"The file '{name}' isn't there.", "Give a patch, or '-' for standard input.");
        await using var stream = name == "-" ? run.Input() : File.OpenRead(name);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellation);
        return bytes.ToArray();
    }

    private static Ending Say(CommandRun run, Option<OutputFormat> format, string kind, string subject, IReadOnlyList<PolicyDecision> parts, ConfigurationResult policy)
    {
        var overall = parts.Select(p => p.Decision).DefaultIfEmpty(Decision.Allow).Max();
        if (run.Parsed.GetValue(format) == OutputFormat.Json)
        {
            run.Screen.AnswerRaw(new PolicyDecisionDocument(kind, subject, Words.Id(overall), [.. parts.Select(PolicyDecisionItem.Of)], [.. policy.Notices.Select(n => n.Message)]).ToJson());
        }
        else
        {
            foreach (var part in parts) run.Screen.Answer(($"{Words.Id(part.Decision),-6}  ", StyleOf(part.Decision)), (part.Subject, Style.Strong), ($"  {part.Reason}", Style.Plain));
            foreach (var notice in policy.Notices) run.Screen.Talk(notice.Message, Style.Warn);
        }
        return new(overall switch { Decision.Allow => ExitCode.Done, Decision.Review => ExitCode.Held, _ => ExitCode.Denied });
    }

    private static void ShowAll(Screen screen, ConfigurationResult result)
    {
        var table = new TextTable("Kind", "Rule", "Decision", "From", "What");
        foreach (var rule in PolicyRuleItem.Of(result.Configuration.Permissions))
        {
            var what = rule.What.Length > 80 ? rule.What[..79] + "…" : rule.What;
            table.Add((rule.Kind, Style.Dim), (rule.Name, Style.Strong), (rule.Decision, Style.Plain), (rule.From, Style.Dim), (what, Style.Plain));
        }
        table.Write(screen);
        var commands = result.Configuration.Permissions.Commands;
        screen.Answer($"Commands that no rule speaks of: {Words.Id(commands.Otherwise)}. Variables: {Words.Id(commands.Environment.Otherwise)}. Hosts: deny. Paths: allow.");
        foreach (var notice in result.Notices) screen.Talk(notice.Message, Style.Warn);
    }

    private static Style StyleOf(Decision decision) => decision switch { Decision.Allow => Style.Good, Decision.Review => Style.Warn, _ => Style.Bad };
}
