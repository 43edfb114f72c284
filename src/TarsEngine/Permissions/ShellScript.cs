using System.Text;

namespace TarsEngine.Permissions;

/// <summary>One command of a shell line.</summary>
/// <param name="ReadsInput">Its input comes from a pipe, a file or the line itself.</param>
internal sealed record ShellCommand(IReadOnlyList<string> Words, bool ReadsInput);

/// <summary>
/// Reads the commands of a shell line as far as they stand there plainly. What the shell would put in only while it runs
/// (variables, substitutions, loops, functions) is named as unreadable; the words around it are still handed out, so that what is
/// forbidden is found there, too.
/// </summary>
internal sealed class ShellScript
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "if", "then", "else", "elif", "fi", "for", "while", "until", "do", "done", "case", "esac", "in", "function", "select", "coproc", "[[", "{", "}",
    };

    private readonly string text;
    private readonly List<ShellCommand> commands = [];
    private readonly List<string> outputs = [];
    private readonly StringBuilder word = new();
    private List<string> words = [];
    private bool hasWord, quoted, piped, readsInput, isTarget;
    private int at;

    private ShellScript(string text) => this.text = text;

    public IReadOnlyList<ShellCommand> Commands => commands;

    /// <summary>The files that it writes by redirection.</summary>
    public IReadOnlyList<string> Outputs => outputs;

    /// <summary>What can't be read before it runs; null when all of it can.</summary>
    public string? Unreadable { get; private set; }

    public static ShellScript Read(string text)
    {
        var script = new ShellScript(text);
        while (script.at < text.Length) script.Step();
        script.EndCommand(pipe: false);
        return script;
    }

    private void Step()
    {
        var c = text[at++];
        switch (c)
        {
            case '\'': Quote('\''); break;
            case '"': Quote('"'); break;
            case '\\' when at < text.Length: Take(text[at++], asQuoted: true); break;
            case ' ' or '\t': EndWord(); break;
            case '#' when !hasWord: SkipLine(); break;
            case '&' when at < text.Length && text[at] == '>': EndWord(); break;
            case ';' or '\n' or '&': EndCommand(pipe: false); break;
            case '|': EndCommand(pipe: at >= text.Length || text[at] != '|'); SkipIf('|'); SkipIf('&'); break;
            case '<' or '>': Redirect(c); break;
            case '(' or ')': CannotRead("a group or function"); EndCommand(pipe: false); break;
            case '`': CannotRead("a substitution"); EndCommand(pipe: false); break;
            case '$' when at < text.Length && text[at] == '(': CannotRead("a substitution"); EndCommand(pipe: false); at++; break;
            case '$': CannotRead("a variable"); Take(c, asQuoted: false); break;
            default: Take(c, asQuoted: false); break;
        }
    }

    private void Take(char c, bool asQuoted)
    {
        (hasWord, quoted) = (true, quoted || asQuoted);
        word.Append(c);
    }

    private void Quote(char end)
    {
        (hasWord, quoted) = (true, true);
        while (at < text.Length && text[at] != end)
        {
            var c = text[at++];
            if (end == '"' && c is '$' or '`')
            {
                CannotRead("a substitution in quotes");
                // What stands in it is looked at as commands of its own.
                if (c == '`' || (at < text.Length && text[at] == '(')) commands.AddRange(Read(Inner(c == '`' ? '`' : ')')).commands);
            }
            if (end == '"' && c == '\\' && at < text.Length && text[at] is '"' or '\\' or '$' or '`' or '\n') c = text[at++];
            word.Append(c);
        }
        if (at >= text.Length) CannotRead("a quote that doesn't end");
        at++;
    }

    private string Inner(char end)
    {
        var from = at < text.Length && text[at] == '(' ? at + 1 : at;
        var to = text.IndexOf(end, Math.Min(from, text.Length));
        return text[from..(to < 0 ? text.Length : to)];
    }

    private void Redirect(char c)
    {
        // The number before it is a descriptor, no argument.
        if (hasWord && !quoted && word.Length == 1 && char.IsAsciiDigit(word[0])) (hasWord, _) = (false, word.Clear());
        EndWord();
        if (at < text.Length && text[at] == '(') CannotRead("a command as a file");
        if (c == '<')
        {
            readsInput = true;
            if (at < text.Length && text[at] == '<') CannotRead("a text in the line");
        }
        while (at < text.Length && text[at] is '>' or '<' or '&' or '|') at++;
        isTarget = true;
    }

    private void EndWord()
    {
        if (!hasWord) return;
        var done = word.ToString();
        word.Clear();
        var plain = !quoted;
        (hasWord, quoted) = (false, false);
        if (isTarget)
        {
            isTarget = false;
            outputs.Add(done);
            if (done.StartsWith("/dev/tcp/", StringComparison.Ordinal) || done.StartsWith("/dev/udp/", StringComparison.Ordinal)) CannotRead("a connection");
            return;
        }
        if (plain && done.Contains('{', StringComparison.Ordinal) && done.AsSpan().ContainsAny(',', '.') && done.Contains('}', StringComparison.Ordinal)) CannotRead("a brace expansion");
        if (words.Count == 0 && plain)
        {
            if (done is "!" or "time") return;
            if (Keywords.Contains(done))
            {
                CannotRead($"'{done}'");
                return;
            }
            if (done.AsSpan().ContainsAny('*', '?', '[') && done is not "[") CannotRead("a program named by a pattern");
        }
        words.Add(done);
    }

    private void EndCommand(bool pipe)
    {
        EndWord();
        isTarget = false;
        if (words.Count > 0) commands.Add(new(words, piped || readsInput));
        words = [];
        (piped, readsInput) = (pipe, false);
    }

    private void SkipIf(char c)
    {
        if (at < text.Length && text[at] == c) at++;
    }

    private void SkipLine()
    {
        while (at < text.Length && text[at] != '\n') at++;
    }

    private void CannotRead(string what) => Unreadable ??= what;
}
