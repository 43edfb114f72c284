using Microsoft.CodeAnalysis;
using TarsEngine.CSharp.Compiling;

namespace TarsEngine.CSharp.Recording;

/// <summary>
/// After a build: puts what its logs say about the compiler's calls to what is known from earlier builds, of which this one may have
/// repeated only a part, and proves each call that is new.
/// </summary>
internal static class Record
{
    /// <summary>Writes the commands file; the logs are gone afterwards.</summary>
    public static void Make(string folder, string tree)
    {
        var logs = Directory.GetFiles(folder, "*.binlog").OrderBy(File.GetLastWriteTimeUtc).ToList();
        var logged = logs.SelectMany(BuildLog.Read).Where(call => call.Compiler is not null).ToList();
        var known = CommandsFile.Read(folder)?.Invocations ?? [];
        if (logged.Select(call => call.Compiler).Concat(known.Select(invocation => invocation.Compiler)).FirstOrDefault() is { } compiler)
        {
            CompilerFolder.Use(compiler);
            Write(folder, tree, compiler, known, logged);
        }
        foreach (var log in logs) File.Delete(log);
    }

    // Apart, so that no type of the compiler is looked for before its folder is known.
    private static void Write(string folder, string tree, string compiler, IReadOnlyList<Invocation> known, IReadOnlyList<LoggedCall> logged)
    {
        var all = known.Where(invocation => File.Exists(invocation.Project)).ToList();
        foreach (var call in logged)
        {
            var invocation = new Invocation(call.Project, call.Compiler!, [.. CommandLineParser.SplitCommandLineIntoArguments(call.Arguments, removeHashComments: false)]);
            var at = all.FindIndex(other => other.Project == invocation.Project && other.Output == invocation.Output);
            if (at < 0) all.Add(invocation);
            else all[at] = all[at].IsShapedLike(invocation) ? invocation with { Proved = all[at].Proved, Doubt = all[at].Doubt } : invocation;
        }
        var (references, loader) = (new References(), new AnalyzerLoader());
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].Proved is not null) continue;
            var doubt = all[i].Compiler == compiler ? DoubtIn(all[i], references, loader) : "it is built by another compiler than the rest";
            all[i] = all[i] with { Proved = doubt is null, Doubt = doubt };
        }
        new CommandsFile(CommandsFile.CurrentSchema, tree, all).Write(folder);
    }

    /// <summary>Null when we emit what the build had made, byte for byte.</summary>
    private static string? DoubtIn(Invocation invocation, References references, AnalyzerLoader loader)
    {
        try
        {
            var project = Project.Load(invocation, Inputs.Parse(invocation), references, loader);
            var emission = Emission.Of(project, project.Base, CancellationToken.None);
            if (!emission.Succeeded) return $"it does not compile: {emission.Diagnostics.FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error)}";
            var other = emission.Files.FirstOrDefault(file => !File.Exists(file.Key) || !File.ReadAllBytes(file.Key).AsSpan().SequenceEqual(file.Value));
            return other.Key is null ? null : $"'{other.Key}' comes out different";
        }
        catch (UnsureException unsure)
        {
            return unsure.Message;
        }
    }
}
