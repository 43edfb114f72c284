using FsCheck;
using FsCheck.Fluent;
using TarsAutonomy.Agents;
using TarsEngine.Planning;

namespace TarsAutonomy.Tests.Agents;

/// <summary>What agents say that they used. The lines are of the shape that each program's documentation gives.</summary>
public sealed class UsageReaderTests
{
    [Fact]
    public void Claude_tells_each_message_and_in_the_end_all() => Assert.Equal(
        [null, new(105, 3, null), new(105, 8, null), new(125, 9, null), null, new(300, 40, 0.0421m)],
        Read("claude",
            """{"type":"system","subtype":"init"}""",
            """{"type":"assistant","message":{"id":"msg_1","usage":{"input_tokens":5,"cache_creation_input_tokens":0,"cache_read_input_tokens":100,"output_tokens":3}}}""",
            """{"type":"assistant","message":{"id":"msg_1","usage":{"input_tokens":5,"cache_read_input_tokens":100,"output_tokens":8}}}""",
            """{"type":"assistant","message":{"id":"msg_2","usage":{"input_tokens":20,"output_tokens":1}}}""",
            """{"type":"user","message":{"content":[{"type":"tool_result","content":"{\"type\":\"result\"}"}]}}""",
            """{"type":"result","subtype":"success","result":"Done.","total_cost_usd":0.0421,"usage":{"input_tokens":10,"cache_read_input_tokens":290,"output_tokens":40}}"""));

    [Fact]
    public void Codex_tells_each_turn() => Assert.Equal(
        [null, new(24763, 122, null), new(24773, 124, null)],
        Read("codex",
            """{"type":"item.completed","item":{"type":"agent_message","text":"Done."}}""",
            """{"type":"turn.completed","usage":{"input_tokens":24763,"cached_input_tokens":24448,"output_tokens":122}}""",
            """{"type":"turn.completed","usage":{"input_tokens":10,"output_tokens":2}}"""));

    [Fact]
    public void Gemini_tells_its_result() => Assert.Equal(
        [null, new(500, 20, null)],
        Read("gemini", """{"type":"message","role":"assistant","content":"Done."}""", """{"type":"result","status":"success","stats":{"total_tokens":520,"input_tokens":500,"output_tokens":20}}"""));

    [Fact]
    public void OpenCode_tells_each_step() => Assert.Equal(
        [new(16, 7, 0.001m), new(26, 8, 0.003m)],
        Read("opencode",
            """{"type":"step_finish","part":{"type":"step-finish","cost":0.001,"tokens":{"input":10,"output":5,"reasoning":2,"cache":{"read":6,"write":0}}}}""",
            """{"type":"step_finish","part":{"type":"step-finish","cost":0.002,"tokens":{"input":10,"output":1}}}"""));

    [Fact]
    public void Aider_tells_each_message_and_the_sessions_cost() => Assert.Equal(
        [new(2100, 300, 0.02m), null, new(3_202_100, 1_600, 0.05m), new(3_203_100, 1_601, null)],
        Read("aider",
            "Tokens: 2.1k sent, 300 received. Cost: $0.01 message, $0.02 session.", "Applied edit to src/a.py",
            "Tokens: 3.2M sent, 1.5k cache hit, 1.3k received. Cost: $0.03 message, $0.05 session.", "Tokens: 1,000 sent, 1 received."));

    [Fact]
    public void Any_other_agent_can_tell_in_one_line() => Assert.Equal([new(12, 3, null)], Read("generic", """{"usage":{"input_tokens":12,"output_tokens":3}}"""));

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"type\":1}")]
    [InlineData("{\"type\":\"\\ud800\",\"usage\":{}}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"type\":\"result\",\"usage\":[],\"stats\":7,\"total_cost_usd\":{}}")]
    [InlineData("{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":1e999,\"output_tokens\":-1}}")]
    [InlineData("{\"type\":\"turn.completed\",\"usage\":{\"input_tokens\":99999999999999999999999999999,\"output_tokens\":1.5}}")]
    [InlineData("{\"type\":\"step_finish\",\"part\":{\"cost\":-5,\"tokens\":{\"input\":9223372036854775807,\"output\":9223372036854775807,\"cache\":{\"read\":9223372036854775807}}}}")]
    [InlineData("{\"type\":\"assistant\",\"message\":{\"id\":7,\"usage\":null}}")]
    [InlineData("{\"usage\":{\"input_tokens\":-9223372036854775808},\"total_cost_usd\":79228162514264337593543950336}")]
    [InlineData("Tokens: .,.,.k sent, , received.")]
    [InlineData("Tokens: 99999999999999999999999999999999999999999999M sent, 1..2 received. Cost: $..... session.")]
    public void Attack_no_line_makes_it_throw_or_count_below_zero(string line)
    {
        foreach (var profile in AgentProfiles.All)
        {
            var reader = profile.Usage();
            for (var i = 0; i < 1000; i++) Assert.True(IsSane(reader.Read(line)), $"{profile.Name}: {line}");
        }
    }

    [Fact]
    public void Attack_deep_nesting_is_no_usage()
    {
        var line = string.Concat(Enumerable.Repeat("{\"usage\":", 10_000));
        Assert.All(AgentProfiles.All, profile => Assert.Null(profile.Usage().Read(line)));
    }

    [Fact]
    public void No_text_makes_it_throw() => Prop.ForAll<string?>(text =>
    {
        foreach (var profile in AgentProfiles.All)
        {
            var reader = profile.Usage();
            Assert.True(IsSane(reader.Read(text ?? "")) && IsSane(reader.Read("{" + text)) && IsSane(reader.Read("Tokens: " + text)));
        }
    }).QuickCheckThrowOnFailure();

    private static bool IsSane(AgentUsage? usage) => usage is null or { InputTokens: >= 0, OutputTokens: >= 0, Tokens: >= 0, Cost: null or >= 0 };

    private static IReadOnlyList<AgentUsage?> Read(string profile, params string[] lines)
    {
        var reader = AgentProfiles.Find(profile)!.Usage();
        return [.. lines.Select(reader.Read)];
    }
}
