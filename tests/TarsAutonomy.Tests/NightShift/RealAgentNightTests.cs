using System.Security.Cryptography;
using System.Text.Json.Nodes;
using TarsAutonomy.Tests.Agents;

namespace TarsAutonomy.Tests.NightShift;

/// <summary>A whole night of the real program with a real agent from npm, whose model is a script on loopback.</summary>
public sealed class RealAgentNightTests
{
    [Fact]
    public async Task Codex_does_a_task_that_is_validated_committed_on_the_branch_and_reported_and_never_meets_its_key()
    {
        var key = "sk-tars-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        var planted = "sk-tars-" + new string('b', 40);
        await using var model = new ScriptedModel(
            NightWorld.Good("one"),
            $$"""
            echo {{planted}} > /tmp/planted
            { env; cat /proc/*/environ /proc/*/cmdline | tr '\0' '\n'; find / -path /proc -prune -o -type f -newermt '-10 minutes' -print0 | xargs -0 cat; } 2>/dev/null | grep -aoE 'sk-tars-[0-9a-f]{40}' | sort -u | sed 's/^/SEEN /'; echo searched
            """);
        using var world = new NightWorld().Task("task_1", "one adds a function").Commit();
        File.WriteAllText(world.ConfigurationFile, File.ReadAllText(world.ConfigurationFile).Replace("agent: script", "agent: codex", StringComparison.Ordinal)
            .Replace("agents:\n", $"agents:\n  codex: {{model: gpt-5-codex, host: 127.0.0.1, port: {model.Port}, plain: true, credential: {{from-environment: TARS_TEST_KEY}}, timeout: 3m}}\n", StringComparison.Ordinal));
        var variables = InstalledAgent.EnvironmentWith("codex");
        variables["TARS_TEST_KEY"] = key;
        var before = world.Picture();

        var night = await System.Threading.Tasks.Task.Run(() => NightProgram.Run(world, ["autonomous", "run"], variables: variables));

        Assert.True(night.Code == 0, night.ToString());
        Assert.Equal(before, world.Picture());
        using var codebase = await world.OpenAsync();
        var session = Assert.Single(world.NightOf(codebase).Store.List());
        Assert.Equal(["feat: one adds a function"], world.Commits(session));
        Assert.Equal("one() { echo one; }", world.Repository.Git("show", $"{session.Branch}:src/one.sh"));
        var report = JsonNode.Parse(NightProgram.Run(world, ["autonomous", "report", "--format", "json"]).Answer)!;
        var task = report["tasks"]!.AsArray()[0]!;
        Assert.Equal(("landed", "pass"), ((string)task["outcome"]!, (string)task["verdict"]!));
        Assert.Contains("one() { echo one; }", NightProgram.Run(world, ["autonomous", "report", "--format", "html"]).Answer, StringComparison.Ordinal);
        var seen = string.Concat(model.Outputs);
        Assert.Contains("searched", seen, StringComparison.Ordinal);
        Assert.Contains("SEEN " + planted, seen, StringComparison.Ordinal);
        Assert.DoesNotContain(key, seen + night, StringComparison.Ordinal);
        Assert.All(model.Requests, request => Assert.Contains($"\r\nAuthorization: Bearer {key}", request.Head, StringComparison.OrdinalIgnoreCase));
    }
}
