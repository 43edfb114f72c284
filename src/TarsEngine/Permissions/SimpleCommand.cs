using TarsEngine.Files;

namespace TarsEngine.Permissions;

/// <summary>One program with its arguments, after everything around it is taken off.</summary>
internal sealed class SimpleCommand
{
    // Options before the sub-command that take the next word as their value.
    private static readonly Dictionary<string, string[]> ValueOptions = new(StringComparer.Ordinal)
    {
        ["git"] = ["-C", "-c", "--git-dir", "--work-tree", "--namespace", "--config-env", "--super-prefix", "--attr-source", "--exec-path"],
        ["dotnet"] = ["--additionalprobingpath", "--additional-deps", "--fx-version", "--roll-forward", "--depsfile", "--runtimeconfig"],
        ["npm"] = ["--prefix", "-C", "--workspace", "-w"],
        ["cargo"] = ["--config", "-Z", "-C", "--color"],
        ["go"] = ["-C"],
        ["python"] = ["-W", "-X", "--check-hash-based-pycs"],
    };

    // Options before the sub-command that take none; of any other it isn't known.
    private static readonly Dictionary<string, string[]> Flags = new(StringComparer.Ordinal)
    {
        ["git"] =
        [
            "-p", "--paginate", "-P", "--no-pager", "--bare", "--no-replace-objects", "--literal-pathspecs", "--glob-pathspecs", "--noglob-pathspecs",
            "--icase-pathspecs", "--no-optional-locks", "--no-lazy-fetch", "--no-advice", "--version", "-v", "--help", "-h",
        ],
        ["python"] = ["-u", "-B", "-b", "-bb", "-d", "-E", "-i", "-I", "-O", "-OO", "-P", "-q", "-s", "-S", "-v", "-V", "-x"],
    };

    // '-c' with one of these sets no more than how git shows or records things.
    private static readonly string[] HarmlessSettings =
    [
        "user.name", "user.email", "color.*", "core.quotepath", "core.autocrlf", "core.safecrlf", "core.eol", "core.abbrev", "core.ignorecase",
        "core.precomposeunicode", "core.filemode", "advice.*", "init.defaultbranch", "diff.renames", "diff.noprefix", "diff.algorithm", "log.showsignature",
        "commit.gpgsign", "merge.conflictstyle", "column.ui", "safe.directory",
    ];

    private SimpleCommand(string program, IReadOnlyList<string> names, IReadOnlyList<string> words, bool readsInput)
    {
        (Program, Names, Words, Arguments, ReadsInput) = (program, names, words, CommandArgument.Of(words), readsInput);
        (Subcommands, OptionsEnd) = FindSubcommand();
    }

    /// <summary>As it was given.</summary>
    public string Program { get; }

    /// <summary>What strict rules may know it by; see <see cref="ProgramName.WideNames"/>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Behind the program.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The same words, for rules.</summary>
    public CommandArgument[] Arguments { get; }

    /// <summary>True where its standard input comes from another command, a file or the script.</summary>
    public bool ReadsInput { get; }

    /// <summary>What may be the sub-command; two where that depends on an option that isn't known.</summary>
    public IReadOnlyList<string> Subcommands { get; }

    /// <summary>Up to where options of the program itself may stand, counted in arguments.</summary>
    public int OptionsEnd { get; }

    public static SimpleCommand Of(IReadOnlyList<string> words, bool readsInput)
    {
        var arguments = words.Skip(1).ToList();
        if (ProgramName.Base(words[0]) == "git") RemoveHarmlessSettings(arguments);
        return new(words[0], ProgramName.WideNames(words[0]), arguments, readsInput);
    }

    public bool IsNamed(string name) => Names.Contains(name, StringComparer.Ordinal);

    public override string ToString()
    {
        var text = ByteText.Display(string.Join(' ', [Program, .. Words]));
        return text.Length > 160 ? text[..160] + "…" : text;
    }

    private static void RemoveHarmlessSettings(List<string> arguments)
    {
        for (var i = 0; i + 1 < arguments.Count && arguments[i].StartsWith('-');)
        {
            var isHarmless = arguments[i] == "-c" && arguments[i + 1].Split('=')[0].ToUpperInvariant() is var key
                && HarmlessSettings.Any(s => Glob.Matches(s.ToUpperInvariant(), key));
            if (isHarmless) arguments.RemoveRange(i, 2);
            else i += ValueOptions["git"].Contains(arguments[i], StringComparer.Ordinal) ? 2 : 1;
        }
    }

    private (IReadOnlyList<string> Candidates, int OptionsEnd) FindSubcommand()
    {
        var name = Names.Contains("PYTHON", StringComparer.Ordinal) ? "python" : ProgramName.Base(Program);
        string[] valued = ValueOptions.GetValueOrDefault(name, []), flags = Flags.GetValueOrDefault(name, []);
        var candidates = new List<string>();
        for (var i = 0; i < Words.Count; i++)
        {
            var word = Words[i];
            if (!word.StartsWith('-') || word == "-")
            {
                candidates.Add(word);
                return (candidates, i);
            }
            if (i + 1 >= Words.Count || Words[i + 1].StartsWith('-') || word == "--" || word.Contains('=', StringComparison.Ordinal) || flags.Contains(word, StringComparer.Ordinal)) continue;
            // What stands after the module's name is the module's.
            if (name == "python" && word == "-m") return ([Words[i + 1]], i);
            // The next word is the option's value or, where the option isn't known, the sub-command.
            if (!valued.Contains(word, StringComparer.Ordinal)) candidates.Add(Words[i + 1]);
            i++;
        }
        return (candidates, Words.Count);
    }
}
