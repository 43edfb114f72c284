namespace TarsEngine.Permissions;

/// <summary>A program that starts the one named in its arguments: which of its own options take a word, and how many words stand before that program.</summary>
/// <param name="Letters">Short options that take a value.</param>
/// <param name="Names">Long options that take one.</param>
/// <param name="Assigns">NAME=VALUE may stand before the program.</param>
/// <param name="FeedsArguments">It adds arguments that it reads while it runs.</param>
internal sealed record Wrapper(string Letters, IReadOnlyList<string> Names, int Operands = 0, bool Assigns = false, bool FeedsArguments = false)
{
    private const string SplitString = "--split-string";

    private static readonly Dictionary<string, Wrapper> Known = new(StringComparer.Ordinal)
    {
        ["ENV"] = new("uCS", ["--unset", "--chdir", SplitString], Assigns: true),
        ["NICE"] = new("n", ["--adjustment"]),
        ["NOHUP"] = new("", []),
        ["SETSID"] = new("", []),
        ["STDBUF"] = new("ioe", ["--input", "--output", "--error"]),
        ["TIMEOUT"] = new("ks", ["--kill-after", "--signal"], Operands: 1),
        ["TIME"] = new("fo", ["--format", "--output"]),
        ["IONICE"] = new("cn", ["--class", "--classdata"]),
        ["CHRT"] = new("TPD", ["--sched-runtime", "--sched-period", "--sched-deadline"], Operands: 1),
        ["TASKSET"] = new("", [], Operands: 1),
        ["XARGS"] = new("adEILnPs", ["--arg-file", "--delimiter", "--max-lines", "--max-args", "--max-procs", "--max-chars", "--process-slot-var"], FeedsArguments: true),
        ["BUSYBOX"] = new("", []),
        ["TOYBOX"] = new("", []),
        ["COMMAND"] = new("", []),
        ["BUILTIN"] = new("", []),
        ["EXEC"] = new("a", []),
        ["FLOCK"] = new("wE", ["--timeout", "--conflict-exit-code"], Operands: 1),
        ["SUDO"] = new("ugpCrtThDR", ["--user", "--group", "--prompt", "--chdir", "--chroot", "--host", "--role", "--type"], Assigns: true),
        ["DOAS"] = new("uC", []),
        ["CHROOT"] = new("", [], Operands: 1),
        ["UNSHARE"] = new("SGRw", []),
        ["STRACE"] = new("abeEIoOpPsSuUX", []),
    };

    public static Wrapper? Of(IReadOnlyList<string> names) => names.Select(n => Known.GetValueOrDefault(n)).FirstOrDefault(w => w is not null);

    /// <summary>The words of the program that it starts; for 'env -S' the text that it splits, and the words after it.</summary>
    public (string? Script, IReadOnlyList<string> Words) Unwrap(IReadOnlyList<string> arguments)
    {
        var i = 0;
        for (; i < arguments.Count; i++)
        {
            var word = arguments[i];
            if (word == "--")
            {
                i++;
                break;
            }
            if (word.Length < 2 || word[0] != '-')
            {
                // A lone '-' is env's '-i'.
                if (word == "-") continue;
                break;
            }
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                var name = word.Split('=')[0];
                if (Names.FirstOrDefault(n => n.StartsWith(name, StringComparison.Ordinal)) is not { } option) continue;
                var value = name.Length < word.Length ? word[(name.Length + 1)..] : arguments.ElementAtOrDefault(++i);
                if (option == SplitString) return (value ?? "", [.. arguments.Skip(i + 1)]);
                continue;
            }
            var letter = word.AsSpan(1).IndexOfAny(Letters);
            if (letter < 0) continue;
            var isLast = letter == word.Length - 2;
            if (word[letter + 1] == 'S' && Names.Contains(SplitString, StringComparer.Ordinal))
                return (isLast ? arguments.ElementAtOrDefault(i + 1) ?? "" : word[(letter + 2)..], [.. arguments.Skip(isLast ? i + 2 : i + 1)]);
            if (isLast) i++;
        }
        return (null, [.. arguments.Skip(i + Operands)]);
    }
}
