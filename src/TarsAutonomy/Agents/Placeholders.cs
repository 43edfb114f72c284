using TarsEngine.Staging;

namespace TarsAutonomy.Agents;

/// <summary>What stands for something in a command line, a variable or a file, and what it stands for in one run.</summary>
internal sealed record Placeholders(string PromptText, string? ModelName, string? Url)
{
    public const string Prompt = "{prompt}";
    public const string PromptFile = "{prompt-file}";
    public const string Model = "{model}";
    public const string BaseUrl = "{base-url}";

    /// <summary>Where the private folder is found inside.</summary>
    public const string Given = AgentLaunch.Given;

    /// <summary>The prompt's name in the private folder.</summary>
    public const string PromptName = "prompt.md";

    /// <summary>Filled in once: what stands in the prompt itself is no placeholder.</summary>
    /// <exception cref="AgentUnavailableException">It asks for what isn't configured.</exception>
    public string Fill(string text, string agent, Func<string, string>? escape = null)
    {
        var filled = new System.Text.StringBuilder();
        for (var at = 0; at < text.Length;)
        {
            var rest = text.AsSpan(at);
            if (Of(rest, agent) is var (name, value))
            {
                filled.Append(escape is null ? value : escape(value));
                at += name.Length;
                continue;
            }
            filled.Append(text[at++]);
        }
        return filled.ToString();
    }

    private (string Name, string Value)? Of(ReadOnlySpan<char> rest, string agent)
    {
        if (rest[0] != '{') return null;
        if (rest.StartsWith(Prompt)) return (Prompt, PromptText);
        if (rest.StartsWith(PromptFile)) return (PromptFile, $"{Given}/{PromptName}");
        if (rest.StartsWith(Model)) return (Model, ModelName ?? throw Missing("model", agent));
        return rest.StartsWith(BaseUrl) ? (BaseUrl, Url ?? throw Missing("host", agent)) : null;
    }

    private static AgentUnavailableException Missing(string key, string agent) =>
        new($"The agent '{agent}' needs '{key}', and none is configured.", $"Name it: 'agents: {agent}: {key}' in your own configuration.");
}
