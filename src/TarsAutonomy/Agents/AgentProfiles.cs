namespace TarsAutonomy.Agents;

/// <summary>
/// The agents that are known. Each one's own sandbox, questions, updates and telemetry are switched off here and only here: it runs
/// inside our sandbox, where nothing of it could work. docs/agents.md says what of this was tried.
/// </summary>
public static class AgentProfiles
{
    /// <summary>Any other program: its command line is the user's.</summary>
    public static AgentProfile Generic { get; } = new("generic", [], () => new PlainUsageReader());

    private static AgentProfile Claude { get; } = new(
        "claude", ["claude", "-p", Placeholders.Prompt, "--output-format", "stream-json", "--verbose", "--dangerously-skip-permissions"], () => new ClaudeUsageReader())
    {
        RunWithModel = ["--model", Placeholders.Model],
        Host = "api.anthropic.com",
        Header = "x-api-key",
        Prefix = "",
        KeyVariable = "ANTHROPIC_API_KEY",
        BaseUrlVariable = "ANTHROPIC_BASE_URL",
        Environment = Variables(("ANTHROPIC_API_KEY", AgentProfile.PlaceholderKey), ("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"), ("DISABLE_AUTOUPDATER", "1")),
    };

    private static AgentProfile Codex { get; } = new(
        "codex",
        [
            "codex", "exec", "--json", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "-C", "/codebase",
            "-c", "model_provider=tars-host", "-c", "model_providers.tars-host.name=tars-host", "-c", $"model_providers.tars-host.base_url={Placeholders.BaseUrl}",
            "-c", "model_providers.tars-host.wire_api=responses", "-c", "model_providers.tars-host.env_key=OPENAI_API_KEY",
            "-c", "check_for_update_on_startup=false", "-c", "analytics.enabled=false", Placeholders.Prompt,
        ],
        () => new CodexUsageReader())
    {
        RunWithModel = ["-m", Placeholders.Model],
        Host = "api.openai.com",
        BasePath = "/v1",
        KeyVariable = "OPENAI_API_KEY",
        BaseUrlVariable = "OPENAI_BASE_URL",
        Environment = Variables(("OPENAI_API_KEY", AgentProfile.PlaceholderKey)),
    };

    private static AgentProfile Aider { get; } = new(
        "aider",
        [
            "aider", "--yes-always", "--no-git", "--no-auto-commits", "--no-check-update", "--no-analytics", "--no-show-release-notes", "--no-show-model-warnings",
            "--no-pretty", "--no-suggest-shell-commands", "--no-gitignore", "--map-tokens", "0", "--chat-history-file", "/tmp/aider.chat.md", "--input-history-file", "/tmp/aider.input", "--message-file", Placeholders.PromptFile,
        ],
        () => new AiderUsageReader())
    {
        RunWithModel = ["--model", Placeholders.Model],
        Host = "api.openai.com",
        BasePath = "/v1",
        KeyVariable = "OPENAI_API_KEY",
        BaseUrlVariable = "OPENAI_API_BASE",
        Environment = Variables(("OPENAI_API_KEY", AgentProfile.PlaceholderKey)),
    };

    private static AgentProfile Gemini { get; } = new(
        "gemini", ["gemini", "--yolo", "--output-format", "stream-json", "-p", Placeholders.Prompt], () => new GeminiUsageReader())
    {
        RunWithModel = ["-m", Placeholders.Model],
        Host = "generativelanguage.googleapis.com",
        Header = "x-goog-api-key",
        Prefix = "",
        KeyVariable = "GEMINI_API_KEY",
        BaseUrlVariable = "GOOGLE_GEMINI_BASE_URL",
        Environment = Variables(("GEMINI_API_KEY", AgentProfile.PlaceholderKey), ("GEMINI_CLI_TRUST_WORKSPACE", "true")),
        // With a base URL alone it would take another way to prove who it is, and then refuse that; settings are believed of root's files and of one's home.
        HomeFolder = ".gemini",
        Files = Variables(("settings.json", """
            {
              "security": { "auth": { "selectedType": "gemini-api-key" } },
              "general": { "enableAutoUpdate": false, "disableAutoUpdate": true }, "privacy": { "usageStatisticsEnabled": false }, "telemetry": { "enabled": false }
            }
            """)),
    };

    private static AgentProfile OpenCode { get; } = new(
        "opencode", ["opencode", "run", "--format", "json", Placeholders.Prompt], () => new OpenCodeUsageReader())
    {
        RunWithModel = ["-m", $"tars-host/{Placeholders.Model}"],
        Host = "api.openai.com",
        BasePath = "/v1",
        KeyVariable = "OPENAI_API_KEY",
        BaseUrlVariable = "OPENAI_BASE_URL",
        Environment = Variables(
            ("OPENCODE_CONFIG", Placeholders.Given + "/opencode.json"), ("OPENCODE_DISABLE_AUTOUPDATE", "1"), ("OPENCODE_DISABLE_MODELS_FETCH", "1"), ("OPENCODE_DISABLE_LSP_DOWNLOAD", "1"), ("OPENCODE_DISABLE_DEFAULT_PLUGINS", "1")),
        Files = Variables(("opencode.json", $$"""
            {
              "autoupdate": false, "share": "disabled", "permission": "allow",
              "provider": {
                "tars-host": {
                  "npm": "@ai-sdk/openai-compatible", "name": "tars-host",
                  "options": { "baseURL": "{{Placeholders.BaseUrl}}", "apiKey": "{{AgentProfile.PlaceholderKey}}" },
                  "models": { "{{Placeholders.Model}}": { "name": "{{Placeholders.Model}}" } }
                }
              }
            }
            """)),
    };

    /// <summary>Each of them, in the order in which people are told of them.</summary>
    public static IReadOnlyList<AgentProfile> All { get; } = [Claude, Codex, Aider, Gemini, OpenCode, Generic];

    /// <summary>Null where there is none of that name.</summary>
    public static AgentProfile? Find(string name) => All.FirstOrDefault(profile => profile.Name == name);

    private static Dictionary<string, string> Variables(params (string Name, string Value)[] variables) =>
        variables.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);
}
