using System.CommandLine;
using TarsCli.Output;

namespace TarsCli.Commands;

/// <summary>Prints a script that makes a shell ask 'tarscli [suggest]' for what may come next.</summary>
internal static class CompletionCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new TarsCommand("completion", "Print the script that completes tarscli's commands and options in a shell",
            ("source <(tarscli completion bash)", "for this shell; put the line into ~/.bashrc to keep it"),
            ("tarscli completion zsh > ~/.zfunc/_tarscli", "for zsh, in a folder of $fpath"),
            ("tarscli completion fish > ~/.config/fish/completions/tarscli.fish", "for fish"))
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            using var screen = new Screen(composition.Terminal, ColorChoice.Never);
            screen.AnswerRaw(Script(parsed.GetRequiredValue(shell)).TrimEnd('\n'));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static string Script(string shell) => shell switch
    {
        "bash" => """
            # tarscli for bash: source <(tarscli completion bash)
            _tarscli() {
                local word=${COMP_WORDS[COMP_CWORD]} IFS=$'\n'
                COMPREPLY=($(compgen -W "$(tarscli "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "$word"))
            }
            complete -o default -F _tarscli tarscli
            """,
        "zsh" => """
            #compdef tarscli
            # tarscli for zsh: tarscli completion zsh > a folder of $fpath, as _tarscli
            _tarscli() {
                local -a found
                found=("${(@f)$(tarscli "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                compadd -a found || _files
            }
            if [ "${funcstack[1]}" = _tarscli ]; then _tarscli "$@"; else compdef _tarscli tarscli; fi
            """,
        _ => """
            # tarscli for fish: tarscli completion fish > ~/.config/fish/completions/tarscli.fish
            function __tarscli_complete
                set -l line (commandline -cp)
                tarscli "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null
            end
            complete -c tarscli -a '(__tarscli_complete)'
            """,
    };
}
