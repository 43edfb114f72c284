using TarsAutonomy.Agents;
using TarsEngine.Documents;
using TarsEngine.Permissions;

namespace TarsAutonomy.Tests.Agents;

public sealed class AgentSettingsTests
{
    [Fact]
    public void A_profile_brings_all_that_a_known_agent_needs()
    {
        var agent = Assert.Single(Read("claude: {}\n").Agents);

        Assert.Equal(("claude", "claude", TimeSpan.FromMinutes(30), null), (agent.Name, agent.Profile.Name, agent.Timeout, agent.MemoryBytes));
        Assert.Equal(new("api.anthropic.com", 443, "", Plain: false, new("x-api-key", "", "ANTHROPIC_API_KEY", null)), agent.Endpoint);
    }

    [Fact]
    public void Everything_can_be_said_otherwise()
    {
        var settings = Read("""
            default: local
            codex: {model: gpt-5-codex, credential: {from-file: /run/keys/openai}}
            local:
              profile: codex
              run: [/opt/codex/bin/codex, exec, "{prompt}"]
              model: qwen3
              folder: /opt/codex
              host: localhost
              port: 11434
              plain: true
              base-path: /api/v1
              environment: {HTTP_TIMEOUT: "600"}
              timeout: 45m
              memory: 4294967296
              hosts: [registry.npmjs.org, "10.1.2.3:8443"]
            """);

        Assert.Equal("local", settings.Default);
        var (codex, local) = (settings.Agents[0], settings.Agents[1]);
        Assert.Equal(new HostCredential("Authorization", "Bearer ", null, "/run/keys/openai"), codex.Endpoint!.Credential);
        Assert.Equal(("local", "codex", "qwen3", "/opt/codex", TimeSpan.FromMinutes(45), 4L << 30), (local.Name, local.Profile.Name, local.Model, local.Folder, local.Timeout, local.MemoryBytes));
        Assert.Equal(new("localhost", 11434, "/api/v1", Plain: true, null), local.Endpoint);
        Assert.Equal(["registry.npmjs.org:443", "10.1.2.3:8443"], local.Hosts.Select(host => host.ToString()));
        Assert.All(local.Hosts, host => Assert.Equal(RuleAuthor.User, host.Origin.Author));
        Assert.Equal("config.yaml:4", local.Origin.ToString());
    }

    [Fact]
    public void The_only_agent_is_the_default_one_and_of_several_none_is()
    {
        Assert.Equal("codex", Read("codex: {}\n").Default);
        Assert.Null(Read("codex: {}\nclaude: {}\n").Default);
    }

    [Theory]
    [InlineData("default: codx\ncodex: {}\n", 1, "Did you mean 'codex'?")]
    [InlineData("mine: {}\n", 1, "needs 'run'")]
    [InlineData("mine: {run: []}\n", 1, "names no program")]
    [InlineData("codex:\n  profile: codx\n", 2, "Did you mean 'codex'?")]
    [InlineData("codex:\n  modle: x\n", 2, "Did you mean 'model'?")]
    [InlineData("codex:\n  model: --yolo\n", 2, "does not begin with '-'")]
    [InlineData("codex:\n  folder: ~/codex\n", 2, "not absolute")]
    [InlineData("codex:\n  host: a b\n", 2, "names no host")]
    [InlineData("codex:\n  host: '127.1'\n", 2, "names no host")]
    [InlineData("codex:\n  port: 0\n", 2, "from 1 to 65535")]
    [InlineData("codex:\n  host: model.example.org\n  port: 80\n  plain: true\n", 4, "not this machine's loopback")]
    [InlineData("codex:\n  host: 10.0.0.1\n  port: 80\n  plain: true\n", 4, "not this machine's loopback")]
    [InlineData("codex:\n  host: 127.0.0.2\n  port: 80\n  plain: true\n", 4, "not this machine's loopback")]
    [InlineData("codex:\n  host: localhost\n  plain: true\n", 3, "give 'port'")]
    [InlineData("codex:\n  credential: {}\n", 2, "from one place")]
    [InlineData("codex:\n  credential: {from-environment: A, from-file: /b}\n", 2, "from one place")]
    [InlineData("codex:\n  credential: {from-file: key}\n", 2, "not absolute")]
    [InlineData("codex:\n  credential: {from-environment: A, header: 'X Y'}\n", 2, "no name of a header")]
    [InlineData("codex:\n  credential: sk-123\n", 2, "is a map")]
    [InlineData("mine:\n  run: [a]\n  host: model.example.org\n", 3, "Give 'credential'")]
    [InlineData("mine:\n  run: [a]\n  port: 443\n", 3, "give 'host'")]
    [InlineData("codex:\n  environment: {'A=B': c}\n", 2, "can't be an environment variable")]
    [InlineData("codex:\n  timeout: 0s\n", 2, "duration")]
    [InlineData("codex:\n  memory: 1\n", 2, "whole number")]
    [InlineData("codex:\n  hosts: [10.1.2.3]\n", 2, "name its port")]
    [InlineData("codex: yes\n", 1, "is a map")]
    [InlineData("a b: {run: [x]}\n", 1, "names no agent")]
    public void What_is_wrong_is_said_with_its_line(string text, int line, string said)
    {
        var document = DocumentReader.Read(text, "config.yaml");
        AgentSettings.Read(MapReader.Root(document, "agents")!);

        Assert.Contains(document.Problems.List, problem => problem.Line == line && problem.Message.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void All_problems_of_all_agents_are_said_at_once()
    {
        var document = DocumentReader.Read("codex:\n  port: 0\n  model: ''\nclaude:\n  memory: 1\n  what: 2\n", "config.yaml");
        AgentSettings.Read(MapReader.Root(document, "agents")!);

        Assert.Equal([2, 3, 5, 6], document.Problems.List.Select(problem => problem.Line).Order());
    }

    internal static AgentSettings Read(string text)
    {
        var document = DocumentReader.Read(text, "config.yaml");
        var settings = AgentSettings.Read(MapReader.Root(document, "agents")!);
        Assert.Empty(document.Problems.List);
        return settings;
    }
}
