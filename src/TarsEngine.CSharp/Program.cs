using TarsEngine.CSharp.Answering;
using TarsEngine.CSharp.Recording;

namespace TarsEngine.CSharp;

/// <summary>The C# compiler's worker: 'record FOLDER TREE' after a build of a tree, 'serve ROOT FOLDER TREE' to answer requests on standard input.</summary>
internal static class Program
{
    private const int Done = 0, Usage = 2, NothingKnown = 3;

    private static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["record", var folder, var tree]:
                Record.Make(folder, tree);
                return Done;
            case ["serve", var root, var folder, var tree]:
                if (CommandsFile.Read(folder) is not { Invocations: [var first, ..] } commands || commands.Tree != tree) return NothingKnown;
                CompilerFolder.Use(first.Compiler);
                Serve(root, commands);
                return Done;
            default:
                Console.Error.WriteLine("usage: TarsEngine.CSharp record FOLDER TREE | serve ROOT FOLDER TREE");
                return Usage;
        }
    }

    // Apart, so that no type of the compiler is looked for before its folder is known.
    private static void Serve(string root, CommandsFile commands)
    {
        // What analyzers print must not get between the answers.
        using var output = Console.OpenStandardOutput();
        Console.SetOut(Console.Error);
        using var input = Console.OpenStandardInput();
        new Server(root, commands).Run(input, output);
    }
}
