namespace TarsEngine.Permissions;

/// <summary>
/// Takes a command apart into every program that it says it will start: behind 'env', 'timeout' and the like, in 'find -exec', in a
/// shell's '-c'. Bounded in number and depth.
/// </summary>
internal sealed class CommandUnwrapper(int most)
{
    private const int MostNesting = 12;

    private static readonly HashSet<string> Shells = new(["SH", "BASH", "DASH", "ASH", "ZSH", "KSH", "MKSH", "RBASH", "YASH", "POSH", "FISH", "CSH", "TCSH"], StringComparer.Ordinal);
    private static readonly HashSet<string> Interpreters = new(["PYTHON", "NODE", "NODEJS", "PERL", "RUBY", "PHP", "LUA", "DENO", "BUN", "PWSH"], StringComparer.Ordinal);
    private static readonly HashSet<string> Assigning = new(["EXPORT", "READONLY", "DECLARE", "TYPESET", "LOCAL"], StringComparer.Ordinal);
    private static readonly string[] FindOptions = ["-exec", "-execdir", "-ok", "-okdir"];

    private readonly List<SimpleCommand> commands = [];
    private readonly List<KeyValuePair<string, string>> variables = [];
    private readonly List<string> unreadable = [];
    private readonly List<string> outputs = [];

    public IReadOnlyList<SimpleCommand> Commands => commands;

    /// <summary>Variables that it sets for what it starts.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables => variables;

    /// <summary>What can't be known before it runs.</summary>
    public IReadOnlyList<string> Unreadable => unreadable;

    /// <summary>Files that shell lines write or read by redirection.</summary>
    public IReadOnlyList<string> Outputs => outputs;

    /// <summary>A program that takes its commands from a pipe; null: none does.</summary>
    public string? CodeFromInput { get; private set; }

    public bool IsTooMany { get; private set; }

    public void Add(IReadOnlyList<string> words, bool readsInput = false, int depth = 0)
    {
        if (words.Count == 0) return;
        if (commands.Count >= most || depth > MostNesting)
        {
            IsTooMany = true;
            return;
        }
        if (words[0].Length == 0 || words[0].AsSpan().ContainsAny('$', '{', '*'))
        {
            unreadable.Add("which program it starts");
            if (words[0].Length == 0) return;
        }
        var command = SimpleCommand.Of(words, readsInput);
        commands.Add(command);
        if (command.Names.Any(Shells.Contains)) AddShell(command, depth);
        else if (command.Names.Any(Interpreters.Contains) && readsInput && command.Words.All(a => a.StartsWith('-'))) CodeFromInput ??= command.ToString();
        else if (command.IsNamed("FIND")) AddFind(command, depth);
        else if (command.IsNamed("EVAL")) AddScript(string.Join(' ', command.Words), depth);
        else if (command.Names.Any(Assigning.Contains)) AddVariables(command.Words);
        else if (Wrapper.Of(command.Names) is { } wrapper) AddWrapped(command, wrapper, depth);
    }

    private void AddWrapped(SimpleCommand command, Wrapper wrapper, int depth)
    {
        var inner = wrapper.Unwrap(command.Words);
        if (inner.Script is { } script)
        {
            var read = ShellScript.Read(script);
            if (read.Unreadable is not null || read.Commands.Count != 1) unreadable.Add($"what '{command.Program}' makes of '{script}'");
            foreach (var one in read.Commands) AddAssigned([.. one.Words, .. inner.Words], command.ReadsInput, depth);
        }
        else
        {
            AddAssigned(inner.Words, command.ReadsInput || wrapper.FeedsArguments, depth, assigns: wrapper.Assigns);
        }
        if (wrapper.FeedsArguments) unreadable.Add($"the arguments that '{command.Program}' reads from its input");
    }

    private void AddAssigned(IReadOnlyList<string> words, bool readsInput, int depth, bool assigns = true)
    {
        var from = 0;
        while (assigns && from < words.Count && IsAssignment(words[from])) from++;
        AddVariables(words.Take(from));
        Add([.. words.Skip(from)], readsInput, depth + 1);
    }

    private void AddVariables(IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            var at = word.IndexOf('=', StringComparison.Ordinal);
            if (at > 0) variables.Add(new(word[..at].TrimEnd('+'), word[(at + 1)..]));
        }
    }

    private void AddFind(SimpleCommand find, int depth)
    {
        var words = find.Words;
        for (var i = 0; i < words.Count; i++)
        {
            if (!FindOptions.Contains(words[i], StringComparer.Ordinal)) continue;
            var inner = words.Skip(i + 1).TakeWhile(w => w is not (";" or "+")).ToList();
            Add(inner, depth: depth + 1);
            i += inner.Count;
        }
    }

    private void AddShell(SimpleCommand shell, int depth)
    {
        var isInline = false;
        var words = shell.Words;
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word is "--rcfile" or "--init-file")
            {
                unreadable.Add($"the start file '{words.ElementAtOrDefault(++i)}'");
            }
            else if (word is "-" or "--" || word.Length < 2 || word[0] is not ('-' or '+') || word.StartsWith("--", StringComparison.Ordinal))
            {
                if (word is "-" or "--") i++;
                else if (word.StartsWith("--", StringComparison.Ordinal)) continue;
                AddShellOperand(shell, words.ElementAtOrDefault(i), isInline, depth);
                return;
            }
            else
            {
                isInline |= word[0] == '-' && word.Contains('c', StringComparison.OrdinalIgnoreCase);
                // '-o' and '-O', also at the end of a cluster, take a name.
                if (word[^1] is 'o' or 'O') i++;
                if (word[0] == '-' && word.Contains('s', StringComparison.Ordinal) && !isInline) CodeFromInput ??= shell.ToString();
            }
        }
        AddShellOperand(shell, null, isInline, depth);
    }

    private void AddShellOperand(SimpleCommand shell, string? operand, bool isInline, int depth)
    {
        if (isInline && operand is not null) AddScript(operand, depth);
        else if (operand is null || operand.StartsWith("/dev/", StringComparison.Ordinal) || operand.StartsWith("/proc/", StringComparison.Ordinal)) CodeFromInput ??= shell.ToString();
    }

    private void AddScript(string text, int depth)
    {
        var script = ShellScript.Read(text);
        outputs.AddRange(script.Outputs);
        if (script.Unreadable is { } what) unreadable.Add(what + " in a shell line");
        foreach (var command in script.Commands) AddAssigned(command.Words, command.ReadsInput, depth);
    }

    private static bool IsAssignment(string word)
    {
        var at = word.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && !char.IsAsciiDigit(word[0]) && word[..at].TrimEnd('+').All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
    }
}
