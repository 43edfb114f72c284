using System.Security.Cryptography;
using TarsAutonomy.Agents;
using TarsEngine.Documents;
using TarsEngine.Planning;

namespace TarsAutonomy.Tests.Agents;

/// <summary>A real agent, as npm has it, and a scripted model on loopback: it edits the codebase in the sandbox, and its key is never there.</summary>
public sealed class RealAgentTests(AgentGround ground) : IClassFixture<AgentGround>
{
    private const string Pattern = "sk-tars-[0-9a-f]{40}";

    [Fact]
    public async Task Codex_edits_the_codebase_and_finds_its_key_nowhere()
    {
        var key = "sk-tars-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        var planted = "sk-tars-" + new string('a', 40);
        var made = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 1;
        await using var model = new ScriptedModel(
            "printf 'Good evening\\n' > src/greeting.txt",
            // What can hold the key was written since the key was made. The planted one shows that the search finds what is there.
            $$"""
            echo {{planted}} > /tmp/planted
            { env; cat /proc/*/environ /proc/*/cmdline | tr '\0' '\n'; echo FOUND
              find / -path /proc -prune -o -path /tmp/dump -prune -o -type f -newerct @{{made}} -print0 | xargs -0 grep -aohE '{{Pattern}}'; } > /tmp/dump 2> /dev/null
            mv /tmp/dump dump.txt; echo dumped
            """);
        var environment = InstalledAgent.EnvironmentWith("codex");
        environment["TARS_TEST_KEY"] = key;
        var settings = Read($$"""
            codex:
              model: gpt-5-codex
              host: 127.0.0.1
              port: {{model.Port}}
              plain: true
              credential: {from-environment: TARS_TEST_KEY}
              timeout: 3m
            """);

        var run = await ground.RunAsync(new AgentLauncher(settings, environment), task: "Greet politely");

        Assert.True(run.Result is TarsEngine.Staging.Staged, string.Join('\n', run.Result.Findings) + run.Output);
        Assert.Equal("Create:dump.txt Modify:src/greeting.txt", run.Changes);
        Assert.Equal("Good evening\n", run.Text("src/greeting.txt"));
        Assert.Contains(model.Outputs, output => output.Contains("dumped", StringComparison.Ordinal));
        var dump = run.Text("dump.txt");
        Assert.Contains("OPENAI_API_KEY=set-on-the-host", dump, StringComparison.Ordinal);
        Assert.Contains("\n--dangerously-bypass-approvals-and-sandbox\n", dump, StringComparison.Ordinal);
        Assert.Contains(planted, dump[dump.IndexOf("\nFOUND\n", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.DoesNotContain(key, dump + run.Output + string.Join('\n', run.Events) + string.Concat(model.Requests.Select(request => request.Body)), StringComparison.Ordinal);
        Assert.All(model.Requests, request => Assert.Contains($"\r\nAuthorization: Bearer {key}", request.Head, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("Task: Greet politely", model.Requests.Last().Body, StringComparison.Ordinal);
        Assert.Equal(new AgentUsageReported("codex", new(3000, 30, null)), Assert.Single(run.Events.OfType<AgentUsageReported>()));
    }

    private static AgentSettings Read(string text)
    {
        var document = DocumentReader.Read(text, "config.yaml");
        var settings = AgentSettings.Read(MapReader.Root(document, "the configuration")!);
        Assert.Empty(document.Problems.List);
        return settings;
    }
}
