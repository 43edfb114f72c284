using System.Text.Json;
using TarsAutonomy.Agents;
using TarsEngine.Improvements;
using TarsEngine.Staging;

namespace TarsAutonomy.Tests.Agents;

/// <summary>How agents are run: programs, what they are given, where they may speak, and that no key is in any of it.</summary>
public sealed class AgentLauncherTests(AgentGround ground) : IClassFixture<AgentGround>, IDisposable
{
    private const string Key = "sk-very-secret";
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("claude", "claude", "claude -p PROMPT --output-format stream-json --verbose --dangerously-skip-permissions --model m1", "ANTHROPIC_BASE_URL", "")]
    [InlineData("codex", "codex", "codex exec --json --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox -C /codebase -c model_provider=tars-host -c model_providers.tars-host.name=tars-host -c model_providers.tars-host.base_url=http://127.0.0.1:29071/v1 -c model_providers.tars-host.wire_api=responses -c model_providers.tars-host.env_key=OPENAI_API_KEY -c check_for_update_on_startup=false -c analytics.enabled=false PROMPT -m m1", "OPENAI_BASE_URL", "/v1")]
    [InlineData("gemini", "gemini", "/bin/sh -c mkdir -p \"$HOME/.gemini\" && cp /agent/settings.json \"$HOME/.gemini/\" && exec \"$@\" sh gemini --yolo --output-format stream-json -p PROMPT -m m1", "GOOGLE_GEMINI_BASE_URL", "")]
    [InlineData("opencode", "opencode", "opencode run --format json PROMPT -m tars-host/m1", "OPENAI_BASE_URL", "/v1")]
    public void Each_profile_runs_its_program_without_questions_and_without_its_key(string name, string program, string line, string variable, string path)
    {
        Install(program);
        var (launch, _) = Prepare($"{name}: {{model: m1, credential: {{from-environment: MY_KEY}}}}\n");

        var prompt = File.ReadAllText(folder.File("given/prompt.md"));
        Assert.Equal(line, string.Join(' ', launch.Command.Arguments.Select(argument => argument == prompt ? "PROMPT" : argument)).Replace(folder.File("bin/"), "", StringComparison.Ordinal));
        var route = Assert.Single(launch.Command.Credentials);
        Assert.Equal((variable, path, false), (route.Variable, route.BasePath, route.Plain));
        Assert.Equal([$"{route.Host}:443"], launch.Command.Network!.Hosts.Select(host => host.ToString()));
        Assert.Equal(Key, route.Value.Value.Replace("Bearer ", "", StringComparison.Ordinal));
        var inside = string.Join('\n', launch.Command.Arguments) + string.Join('\n', launch.Command.Environment) + string.Concat(Directory.GetFiles(folder.File("given")).Select(File.ReadAllText));
        Assert.Contains(AgentProfile.PlaceholderKey, inside, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, inside + launch, StringComparison.Ordinal);
        Assert.Equal(folder.File("bin"), Assert.Single(launch.Command.Binds).HostFolder);
    }

    [Fact]
    public void Aider_gets_its_prompt_as_a_file()
    {
        Install("aider");
        var (launch, _) = Prepare("aider: {model: openai/gpt-5, credential: {from-environment: MY_KEY}}\n");

        Assert.Contains("--message-file /agent/prompt.md --model openai/gpt-5", string.Join(' ', launch.Command.Arguments), StringComparison.Ordinal);
    }

    [Fact]
    public void OpenCode_gets_a_configuration_that_is_whole_json_whatever_the_model_is_called()
    {
        Install("opencode");
        Prepare("opencode: {model: 'a\"b', credential: {from-environment: MY_KEY}}\n");

        using var json = JsonDocument.Parse(File.ReadAllText(folder.File("given/opencode.json")));
        var provider = json.RootElement.GetProperty("provider").GetProperty("tars-host");
        Assert.Equal("http://127.0.0.1:29071/v1", provider.GetProperty("options").GetProperty("baseURL").GetString());
        Assert.Equal("a\"b", Assert.Single(provider.GetProperty("models").EnumerateObject()).Name);
    }

    [Fact]
    public void A_command_line_of_ones_own_has_its_placeholders_filled_once()
    {
        Install("mine");
        var (launch, _) = Prepare("""
            mine:
              run: [mine, "--file={prompt-file}", "--at={base-url}", "--with={model}", "{unknown}", "say: {prompt}"]
              model: m1
              host: localhost
              port: 8080
              plain: true
              environment: {URL: "{base-url}/x"}
            """, task: "Keep {model} and {base-url} as they are");

        Assert.Equal(["--file=/agent/prompt.md", "--at=http://127.0.0.1:29071", "--with=m1", "{unknown}"], launch.Command.Arguments.Skip(1).SkipLast(1));
        Assert.Contains("Keep {model} and {base-url} as they are", launch.Command.Arguments[^1], StringComparison.Ordinal);
        Assert.Equal("http://127.0.0.1:29071/x", launch.Command.Environment["URL"]);
        Assert.Equal(["localhost:8080", "127.0.0.1:8080", "[::1]:8080"], launch.Command.Network!.Hosts.Select(host => host.ToString()));
    }

    [Fact]
    public void A_prompt_that_is_too_long_for_a_command_line_is_read_from_its_file()
    {
        Install("mine");
        var (launch, _) = Prepare("mine: {run: [mine, '{prompt}']}\n", task: new string('é', 100_000), limits: new(30, new string('é', 100_000)), findings: Enumerable.Repeat("é" + new string('é', 3000), 20));

        Assert.StartsWith("Read the whole file /agent/prompt.md", launch.Command.Arguments[1], StringComparison.Ordinal);
        Assert.StartsWith("Execute this task", File.ReadAllText(folder.File("given/prompt.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_host_there_is_no_network()
    {
        Install("mine");
        var (launch, _) = Prepare("mine: {run: [mine]}\n");

        Assert.Null(launch.Command.Network);
        Assert.Empty(launch.Command.Credentials);
    }

    [Theory]
    [InlineData("lib/node_modules/@openai/codex/bin/codex.js", "lib/node_modules")]
    [InlineData("venv/bin/aider", "venv")]
    [InlineData("share/claude/versions/2.0", "share/claude/versions")]
    public void What_a_program_brings_is_shown_with_it(string lies, string shown)
    {
        var real = Install(lies, at: "");
        if (shown == "venv") File.WriteAllText(folder.File("venv/pyvenv.cfg"), "");
        Directory.CreateDirectory(folder.File("bin"));
        File.CreateSymbolicLink(folder.File("bin/tool"), real);

        var (launch, _) = Prepare("tool: {run: [tool]}\n");

        Assert.Equal(real, launch.Command.Arguments[0]);
        Assert.Equal((folder.File(shown), folder.File(shown), false), (launch.Command.Binds[0].HostFolder, launch.Command.Binds[0].InsidePath, launch.Command.Binds[0].Writable));
    }

    [Fact]
    public void A_program_of_the_system_needs_nothing_shown() => Assert.Empty(Prepare("sh: {run: [sh, -c, 'true']}\n").Launch.Command.Binds);

    [Theory]
    [InlineData("mine: {run: [absent]}\n", "'absent' of the agent 'mine' is not installed")]
    [InlineData("mine: {run: [sh], folder: /no/such/folder}\n", "isn't there")]
    [InlineData("mine: {run: [sh], folder: /}\n", "would have to be shown")]
    [InlineData("mine: {run: [sh], folder: /home}\n", "would have to be shown")]
    [InlineData("mine: {run: [sh], folder: HOME}\n", "would have to be shown")]
    [InlineData("mine: {run: [HOME/tool]}\n", "would have to be shown")]
    [InlineData("mine: {run: [sh, '{model}']}\n", "needs 'model'")]
    [InlineData("mine: {run: [sh, '{base-url}']}\n", "needs 'host'")]
    [InlineData("mine: {run: [sh], host: a.example, credential: {from-environment: ABSENT}}\n", "'ABSENT', which is not set")]
    [InlineData("mine: {run: [sh], host: a.example, credential: {from-file: /no/such/key}}\n", "can't be read")]
    [InlineData("mine: {run: [sh]}\nother: {run: [sh]}\n", "none is the default")]
    public void What_can_not_be_run_is_said_with_a_remedy(string text, string said)
    {
        Install("tool", at: "home");
        var failure = Assert.Throws<AgentUnavailableException>(() => Prepare(text.Replace("HOME", folder.File("home"), StringComparison.Ordinal)));

        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(failure.Remedy);
    }

    [Fact]
    public void Attack_a_folder_that_holds_the_codebases_state_is_not_shown()
    {
        var tool = Install("tool", at: "given");

        Assert.Contains("holds the state", Assert.Throws<AgentUnavailableException>(() => Prepare($"mine: {{run: [{tool}]}}\n")).Message, StringComparison.Ordinal);
    }

    private (AgentLaunch Launch, string Given) Prepare(string text, string task = "Say hello", PromptLimits? limits = null, IEnumerable<string>? findings = null)
    {
        var given = Directory.CreateDirectory(folder.File("given")).FullName;
        var environment = new Dictionary<string, string> { ["PATH"] = $"{folder.File("bin")}:/usr/bin:/bin", ["HOME"] = folder.File("home"), ["MY_KEY"] = Key };
        var launcher = new AgentLauncher(AgentSettingsTests.Read(text), environment) { Limits = _ => limits ?? PromptLimits.None };
        var feedback = findings is null ? null : new AgentFeedback(1, [.. findings.Select(finding => new TarsEngine.Changes.Finding(TarsEngine.Changes.Severity.Error, "build/x", finding))], HasChange: true);
        return (launcher.Prepare(new(new AgentAction(task, null), new([]), ground.Codebase.Content, given) { Feedback = feedback }), given);
    }

    private string Install(string name, string at = "bin")
    {
        var path = folder.File(Path.Combine(at, name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "#!/bin/sh\n");
        return path;
    }
}
