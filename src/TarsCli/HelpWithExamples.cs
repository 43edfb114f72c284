using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace TarsCli;

/// <summary>A command of ours: it carries examples that its help shows.</summary>
internal sealed class TarsCommand(string name, string description, params (string Line, string What)[] examples) : Command(name, description)
{
    /// <summary>What to type, whole, and what it does.</summary>
    public IReadOnlyList<(string Line, string What)> Examples { get; } = examples;
}

/// <summary>The library's help, then the examples of the command.</summary>
internal sealed class HelpWithExamples(HelpAction help, IReadOnlyList<(string Line, string What)> rootExamples) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var result = help.Invoke(parseResult);
        var examples = parseResult.CommandResult.Command is TarsCommand command ? command.Examples : rootExamples;
        if (examples.Count == 0) return result;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var (line, what) in examples)
        {
            output.WriteLine($"  {line}");
            output.WriteLine($"      {what}");
        }
        output.WriteLine();
        return result;
    }
}
