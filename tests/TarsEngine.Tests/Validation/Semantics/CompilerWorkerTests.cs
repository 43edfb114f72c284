using TarsEngine.CSharp.Answering;
using TarsEngine.Terminal;
using TarsEngine.Tests.Sandbox;
using TarsEngine.Validation.Semantics;

namespace TarsEngine.Tests.Validation.Semantics;

/// <summary>Whatever a worker does, it can't hang us, throw in our face, or be believed more than it may.</summary>
public sealed class CompilerWorkerTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private static readonly Request question = new(0, [new("a.cs", true, new byte[300_000])], Layer.Verdict, false, false, false);

    private async Task<Answer?> AskAsync(string script, double seconds = 60)
    {
        await using var worker = new CompilerWorker(new TerminalExecutor(sandbox.Environment, sandbox.State), sandbox.Create(), SandboxFixture.Shell(script), TimeProvider.System);
        var answer = await worker.AskAsync(question, TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);
        Assert.Equal(answer is not null, worker.IsAlive);
        return answer;
    }

    private static Answer Answered(AnswerStatus status, params Message[] messages) => new(1, status, null, messages, [], 1, 1);

    private static Message Error(string id = "CS0103", string text = "It is not there.", string? path = "/codebase/a.cs", int? line = 3, bool isNew = true) =>
        new(id, IsError: true, text, path, line, 5, line, 9, "/codebase/a.csproj", isNew);

    [Theory]
    [InlineData("exit 0")]
    [InlineData("head -c 10 >/dev/null; exit 1")]
    [InlineData("read line; echo 'no JSON at all'")]
    [InlineData("""read line; echo '{"id":1,"status":"Clean"}'""")]
    [InlineData("""read line; echo '{"id":7,"status":"Clean","reason":null,"messages":[],"projects":[],"milliseconds":1,"memoryBytes":1}'""")]
    [InlineData("""read line; a='{"id":1,"status":"Clean","reason":null,"messages":[],"projects":[],"milliseconds":1,"memoryBytes":1}'; printf '%s\n%s\n' "$a" "$a"; sleep 60""")]
    [InlineData("exec cat /dev/zero")]
    [InlineData("read line; yes '[' | tr -d '\\n' | head -c 4000000; echo; sleep 60")]
    public async Task Attack_An_answer_that_is_none_is_no_answer(string script) => Assert.Null(await AskAsync(script));

    [Theory]
    [InlineData("exec sleep 60")]
    [InlineData("read line; exec sleep 60")]
    public async Task Attack_A_worker_that_hangs_is_given_up(string script) => Assert.Null(await AskAsync(script, 0.5));

    [Fact]
    public async Task An_answer_comes_back() =>
        Assert.Equal(AnswerStatus.Clean, (await AskAsync("""read line; echo '{"id":1,"status":"Clean","reason":null,"messages":[],"projects":["a"],"milliseconds":1,"memoryBytes":1}'; read line"""))?.Status);

    [Fact]
    public void Attack_Broken_without_an_error_is_nothing()
    {
        Assert.IsType<SemanticVerdict.Unsure>(Answers.Read(Answered(AnswerStatus.Broken)));
        Assert.IsType<SemanticVerdict.Unsure>(Answers.Read(Answered(AnswerStatus.Broken, Error(isNew: false))));
        Assert.IsType<SemanticVerdict.Unsure>(Answers.Read(Answered(AnswerStatus.Broken, Error() with { IsError = false })));
        Assert.IsType<SemanticVerdict.Unsure>(Answers.Read(Answered(AnswerStatus.Broken, Error(id: "../etc"))));
    }

    [Fact]
    public void Attack_Places_and_texts_are_made_harmless()
    {
        var findings = Assert.IsType<SemanticVerdict.Broken>(Answers.Read(Answered(
            AnswerStatus.Broken, Error(path: "/etc/passwd", line: -4), Error(path: "/codebase/../x"), Error(text: "\u001b]0;title\u0007\u001b[31mred\u202e" + new string('x', 5_000))))).Findings;
        Assert.All(findings.Take(2), finding => Assert.Null(finding.Path));
        Assert.Null(findings[0].Line);
        Assert.StartsWith("red\\u202exxx", findings[2].Message, StringComparison.Ordinal);
        Assert.InRange(findings[2].Message.Length, 1_000, 2_100);
    }

    [Fact]
    public void Many_errors_are_counted()
    {
        var findings = Assert.IsType<SemanticVerdict.Broken>(Answers.Read(Answered(AnswerStatus.Broken, [.. Enumerable.Range(1, 80).Select(line => Error(line: line))]))).Findings;
        Assert.Equal((51, "There are 30 more errors."), (findings.Count, findings[^1].Message));
    }
}
