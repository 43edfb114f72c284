using System.Globalization;
using TarsEngine.Documents;
using TarsEngine.Permissions;
using TarsAutonomy.Tasks;

namespace TarsAutonomy.Constraints;

/// <summary>
/// docs/autonomous-constraints.md, as its base has it. It sets folders, line limit and score for its own codebase, and forbids more; a line that
/// isn't understood is said, and allows nothing. docs/tasks.md lists what is understood.
/// </summary>
/// <param name="Notices">Lines without effect.</param>
/// <param name="Problems">Where there are any, the document must not be used: nothing is safe then.</param>
public sealed record ConstraintsDocument(IReadOnlyList<DocumentProblem> Notices, IReadOnlyList<DocumentProblem> Problems)
{
    /// <summary>Where it lies unless the configuration says otherwise.</summary>
    public const string DefaultPath = "docs/autonomous-constraints.md";

    /// <summary>Null where it names none.</summary>
    public IReadOnlyList<string>? AllowedFolders { get; init; }

    /// <summary>Of the root's README.md and CHANGELOG.md those that it speaks of; null where it doesn't say what may be done.</summary>
    public IReadOnlyList<string>? AllowedFiles { get; init; }

    /// <summary>The smallest limit that it names.</summary>
    public int? MaxLines { get; init; }

    /// <summary>The highest score that it asks for.</summary>
    public int? MinAlignment { get; init; }

    public IReadOnlyList<PathPattern> ForbiddenPaths { get; init; } = [];
    public IReadOnlyList<string> ForbiddenWords { get; init; } = [];

    /// <summary>'Max tasks per session'.</summary>
    public int? MaxTasks { get; init; }

    /// <summary>'Max session duration'.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>'Max attempts per task', 'No progress after 3 attempts'.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>'Stop if 2 consecutive failures'.</summary>
    public int? MaxConsecutiveFailures { get; init; }

    /// <summary>'Task takes >30 minutes'.</summary>
    public TimeSpan? TaskTimeout { get; init; }

    /// <param name="source">Its name, for messages.</param>
    public static ConstraintsDocument Read(byte[] bytes, string source = DefaultPath)
    {
        var problems = new DocumentProblems(source);
        if (PlanText.Read(bytes, problems) is not { } text) return new([], problems.List);
        var reader = new ConstraintLines(source);
        var visible = VisibleLines.Of(text.Lines, problems);
        for (var i = 0; i < visible.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(visible[i])) continue;
            if (PlanMarkup.Heading(visible[i]!) is { } heading) reader.Enter(heading, i + 1);
            else if (PlanMarkup.Bullet(visible[i]!) is not null) reader.Take(visible[i]!, i + 1);
        }
        // Half a document could lack the half that forbids.
        return reader.Done(problems.List);
    }

    internal static TimeSpan? Duration(int number, string unit) => unit switch
    {
        "minute" or "minutes" or "min" => TimeSpan.FromMinutes(number),
        "hour" or "hours" => TimeSpan.FromHours(number),
        _ => null,
    };

    internal static int Int(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
