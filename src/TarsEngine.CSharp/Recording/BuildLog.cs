using Microsoft.Build.Framework;
using Microsoft.Build.Logging.StructuredLogger;

namespace TarsEngine.CSharp.Recording;

/// <summary>A call of the compiler as MSBuild logged it.</summary>
/// <param name="Project">The project file, absolute.</param>
/// <param name="Line">The whole command line.</param>
internal sealed record LoggedCall(string Project, string Line)
{
    private static readonly string[] compilers = ["/csc ", "/csc.dll ", "/csc.dll\" "];

    /// <summary>The folder of the compiler; null where it can't be told.</summary>
    public string? Compiler
    {
        get
        {
            // 'csc …', or 'dotnet exec "csc.dll" …': the path ends where the first argument begins.
            var (at, name) = compilers.Select(name => (At: Line.IndexOf(name, StringComparison.Ordinal), Name: name)).Where(found => found.At > 0).DefaultIfEmpty((-1, "")).Min();
            if (at < 0) return null;
            var from = Line[0] == '/' && name == "/csc " ? 0 : Line.LastIndexOfAny([' ', '"'], at) + 1;
            return Line[from..at];
        }
    }

    /// <summary>What follows the compiler.</summary>
    public string Arguments => Compiler is { } folder ? Line[(Line.IndexOf(' ', Line.IndexOf(folder, StringComparison.Ordinal) + folder.Length) + 1)..] : "";
}

/// <summary>Reads the compiler's calls out of MSBuild's binary logs.</summary>
internal static class BuildLog
{
    public static IEnumerable<LoggedCall> Read(string path) =>
        from record in new BinLogReader().ReadRecords(path)
        let call = record.Args as TaskCommandLineEventArgs
        where call is { TaskName: "Csc", ProjectFile: not null } && Path.IsPathFullyQualified(call.ProjectFile)
        select new LoggedCall(call.ProjectFile, call.CommandLine);
}
