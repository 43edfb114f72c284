using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Planning;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation;

/// <summary>What is known so far about one change, told as it comes.</summary>
/// <param name="content">Reads a file of either tree.</param>
internal sealed class OneValidation(ValidationRequest request, TreeSnapshot result, Func<RepositoryPath, FileState, byte[]> content, Action<ExecutionEvent> events, TimeProvider clock)
{
    private readonly List<Finding> findings = [];
    private readonly long started = clock.GetTimestamp();
    private readonly Dictionary<TreeSnapshot, TreeSnapshot> visible = new(ReferenceEqualityComparer.Instance);

    private Excerpts? excerpts;

    public ValidationRequest Request => request;

    public TreeSnapshot Result => result;

    public Action<ExecutionEvent> Events => events;

    public TestFigures? Baseline { get; set; }

    public TestFigures? Tests { get; set; }

    public bool Proven { get; set; }

    public bool IsRefused => findings.Any(f => f.Severity == Severity.Error);

    /// <summary>A tree without what policy hides from commands: checks see no more than that.</summary>
    public TreeSnapshot Visible(TreeSnapshot tree)
    {
        if (!visible.TryGetValue(tree, out var seen)) visible[tree] = seen = request.Configuration.Permissions.Paths.Visible(tree).Tree;
        return seen;
    }

    /// <summary>Commands see all of the base and of the result.</summary>
    public bool HidesNothing => Visible(request.Base).Hash == request.Base.Hash && Visible(result).Hash == result.Hash;

    public void Begin(string stage) => events(new StageStarted(stage));

    public void Say(string text) => events(new LogWritten(LogLevel.Info, text));

    public void Add(IEnumerable<Finding> more)
    {
        excerpts ??= new(this, content);
        foreach (var finding in more.Select(excerpts.On))
        {
            findings.Add(finding);
            events(new FindingAdded(finding));
        }
    }

    public void Report(string name, CheckRun run)
    {
        if (run.Figures is { } figures) events(new TestFiguresReported(name, figures.Total, figures.Passed, figures.Failed, figures.Skipped, run.Duration));
    }

    public Verdict End() => new(
        Verdict.OutcomeOf(findings), findings, Baseline, Tests, request.Base.Hash, result.Hash, clock.GetElapsedTime(started), Proven);
}
