using System.Text.RegularExpressions;
using TarsEngine.Changes;

namespace TarsEngine.Validation.Quality;

/// <summary>Recognises keys, tokens and passwords in one line: known forms for sure, others by name and by how random they look.</summary>
internal static partial class SecretScan
{
    private const int MostLength = 4_096;
    private const double LeastEntropy = 3.6;

    private static readonly string[] Placeholders =
    [
        "example", "changeme", "change_me", "placeholder", "your", "xxxx", "dummy", "sample", "redacted", "secret", "password", "passwd", "todo", "test", "fake", "mock", "abcdef", "123456", "00000", "default", "none", "null", "string", "<", "${", "$(", "{{", "%", "...", "***",
    ];

    private static readonly (Regex Form, string What)[] Known =
    [
        (Aws(), "a key of Amazon Web Services"), (GitHub(), "a token of GitHub"), (GitLab(), "a token of GitLab"), (Slack(), "a token or hook of Slack"), (Stripe(), "a live key of Stripe"),
        (Google(), "a key of Google"), (Npm(), "a token of npm"), (PyPi(), "a token of PyPI"), (NuGet(), "a key of NuGet"), (Azure(), "a storage key of Azure"), (OpenAi(), "a key of a model's API"), (SendGrid(), "a key of SendGrid"),
    ];

    /// <summary>Null for a line without any. Never holds the secret itself.</summary>
    /// <param name="isTest">Tests are full of made-up ones: there only what has a known form is told, and holds nothing.</param>
    public static (Severity Severity, string Message)? Find(ReadOnlySpan<char> line, bool isTest)
    {
        if (line.Length < 12) return null;
        if (line.Length > MostLength) line = line[..MostLength];
        foreach (var (form, what) in Known)
        {
            foreach (var match in form.EnumerateMatches(line))
            {
                var found = line.Slice(match.Index, match.Length).ToString();
                if (!IsPlaceholder(found, ["example", "xxxx", "00000", "123456789", "abcdefgh"])) return (isTest ? Severity.Warning : Severity.Hold, $"This looks like {what}.");
            }
        }
        if (isTest || (!line.Contains('=') && !line.Contains(':'))) return null;
        var text = line.ToString();
        if (Address().Match(text) is { Success: true } address && !IsPlaceholder(address.Groups["value"].Value, Placeholders) && !IsPlaceholder(address.Groups["host"].Value, ["example", "localhost", "127.0.0.1", "host"]))
            return (Severity.Hold, "An address with a password in it stands here.");
        if (Connection().Match(text) is { Success: true } connection && !IsPlaceholder(connection.Groups["value"].Value, Placeholders) && !text.Contains("localhost", StringComparison.OrdinalIgnoreCase))
            return (Severity.Hold, "A connection string with a password stands here.");
        if (Named().Match(text) is { Success: true } named && named.Groups["value"].Value is var value && !IsPlaceholder(value, Placeholders) && Entropy(value) >= LeastEntropy && value.Any(char.IsAsciiDigit) && value.Any(char.IsAsciiLetter))
            return (Severity.Warning, $"What is called '{named.Groups["name"].Value}' looks like a real one.");
        return null;
    }

    /// <summary>Bits for each character: words have about 3, random letters and digits more than 4.</summary>
    public static double Entropy(string text) => text.Length == 0 ? 0
        : text.GroupBy(c => c).Select(g => (double)g.Count() / text.Length).Sum(share => -share * Math.Log2(share));

    private static bool IsPlaceholder(string value, string[] words) => words.Any(w => value.Contains(w, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"\b(AKIA|ASIA)[0-9A-Z]{16}\b", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Aws();

    [GeneratedRegex(@"\b(gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{60,})", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex GitHub();

    [GeneratedRegex(@"\bglpat-[0-9A-Za-z_-]{20,}", RegexOptions.NonBacktracking)]
    private static partial Regex GitLab();

    [GeneratedRegex(@"(\bxox[baprs]-[0-9A-Za-z-]{20,}|hooks\.slack\.com/services/T[0-9A-Z]+/B[0-9A-Z]+/[0-9A-Za-z]{20,})", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Slack();

    [GeneratedRegex(@"\b[sr]k_live_[0-9A-Za-z]{20,}", RegexOptions.NonBacktracking)]
    private static partial Regex Stripe();

    [GeneratedRegex(@"\bAIza[0-9A-Za-z_-]{35}\b", RegexOptions.NonBacktracking)]
    private static partial Regex Google();

    [GeneratedRegex(@"\bnpm_[0-9A-Za-z]{36}\b", RegexOptions.NonBacktracking)]
    private static partial Regex Npm();

    [GeneratedRegex(@"\bpypi-AgEI[0-9A-Za-z_-]{50,}", RegexOptions.NonBacktracking)]
    private static partial Regex PyPi();

    [GeneratedRegex(@"\boy2[a-z0-9]{43}\b", RegexOptions.NonBacktracking)]
    private static partial Regex NuGet();

    [GeneratedRegex(@"AccountKey=[0-9A-Za-z+/]{80,}==", RegexOptions.NonBacktracking)]
    private static partial Regex Azure();

    [GeneratedRegex(@"\bsk-(ant-|proj-)?[0-9A-Za-z_-]{40,}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex OpenAi();

    [GeneratedRegex(@"\bSG\.[0-9A-Za-z_-]{20,}\.[0-9A-Za-z_-]{40,}", RegexOptions.NonBacktracking)]
    private static partial Regex SendGrid();

    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@""'<>{}$]+:(?<value>[^\s/@""'<>]{4,})@(?<host>[\w.-]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"(server|data source|host|initial catalog|database|user id|uid)\s*=[^;""']+;.*\b(password|pwd)\s*=\s*(?<value>[^;""'\s]{4,})", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Connection();

    [GeneratedRegex(@"(?<name>\w*(api_?-?key|secret|access_?token|auth_?token|password|private_?key|client_?secret)\w*)[""']?\s*[:=]\s*[""'](?<value>[0-9A-Za-z+/=_.~-]{16,200})[""']", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Named();
}
