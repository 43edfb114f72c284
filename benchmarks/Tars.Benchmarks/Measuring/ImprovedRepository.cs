using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using TarsEngine;
using TarsEngine.Improvements;
using TarsEngine.Planning;

namespace Tars.Benchmarks.Measuring;

/// <summary>A clone of a repository with C# sources that is improved again and again: each time a statement more at the top of one method.</summary>
internal sealed class ImprovedRepository
{
    private readonly string file;
    private Codebase? codebase;
    private int patches, added;

    private ImprovedRepository(string folder, string? configuration, string file) => (Folder, Configuration, this.file) = (folder, configuration, file);

    public string Folder { get; }

    /// <summary>The user's own, a file.</summary>
    public string? Configuration { get; }

    /// <summary>The next patch, once it is written.</summary>
    public string Patch => Folder + ".patch";

    private string Home => Folder + ".home";

    public static async Task<ImprovedRepository> CloneAsync(Bench bench, string source, string name, string? configuration, CancellationToken cancellation)
    {
        var folder = Path.Combine(bench.Folder, name);
        await Bench.RunOnHostAsync(["git", "clone", "-q", "--no-hardlinks", source, folder], cancellation: cancellation);
        foreach (var (key, value) in ((string, string)[])[("user.name", "b"), ("user.email", "b@example.invalid"), ("gc.auto", "0")])
            await Bench.RunOnHostAsync(["git", "config", key, value], folder, cancellation);
        var made = new ImprovedRepository(folder, configuration, Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal).First(path => IsProduct(path) && Body(File.ReadAllText(Path.Combine(folder, path))) is not null));
        bench.AtEnd(made.Forget);
        return made;
    }

    /// <summary>Writes the next patch, for the files as they lie there now.</summary>
    public async Task NextPatchAsync(CancellationToken cancellation)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, file), cancellation);
        var (lines, brace) = (text.Split('\n'), Body(text)!.Value);
        var end = lines[brace].EndsWith('\r') ? "\r\n" : "\n";
        var statement = string.Create(CultureInfo.InvariantCulture, $"+            global::System.GC.KeepAlive({++patches});{end}");
        await File.WriteAllTextAsync(Patch, string.Create(CultureInfo.InvariantCulture,
            $"diff --git a/{file} b/{file}\n--- a/{file}\n+++ b/{file}\n@@ -{brace + 1},2 +{brace + 1},3 @@\n {lines[brace]}\n{statement} {lines[brace + 1]}\n"), cancellation);
    }

    /// <summary>As the night shift does: one process for all.</summary>
    public async Task ImproveAsync(CancellationToken cancellation)
    {
        codebase ??= await Codebase.OpenAsync(new(Folder, Path.Combine(Home, "tars"), Configuration, "bench", Bench.HostEnvironment), cancellation);
        await using var patch = File.OpenRead(Patch);
        if (ImprovementSource.Read(patch, Path.GetFileName(Patch)) is not Proposed proposed) throw new InvalidOperationException("The patch can't be read.");
        var improvement = codebase.Improvements.Add([.. proposed.Improvements], "bench")[0].Improvement;
        var outcome = await codebase.Execution.ExecuteAsync(improvement.Id, new ExecutionOptions { ApproveWhenValid = true }, cancellation);
        if (outcome is not ExecutionOutcome.Landed) throw new InvalidOperationException($"The improvement ended as {outcome}.");
    }

    /// <summary>As a person does: a process for each step.</summary>
    public async Task ImproveByCommandAsync(CancellationToken cancellation)
    {
        string[] configuration = Configuration is { } file ? ["--config", file] : [];
        await Programs.TarscliAsync(Folder, Home, cancellation, ["improve", "add", Patch]);
        var id = string.Create(CultureInfo.InvariantCulture, $"IMP-{++added}");
        await Programs.TarscliAsync(Folder, Home, cancellation, ["execute", "improvement", "--id", id, "--approve-when-valid", .. configuration]);
    }

    /// <summary>Nobody was ever here.</summary>
    public async Task BeginAnewAsync(CancellationToken cancellation)
    {
        Forget();
        added = 0;
        await Bench.RunOnHostAsync(["rm", "-rf", Path.Combine(Folder, ".git/tars"), Home], cancellation: cancellation);
        await Programs.GitAsync(Folder, cancellation, "checkout", "-q", "--", ".");
    }

    private void Forget()
    {
        codebase?.Dispose();
        codebase = null;
    }

    private static bool IsProduct(string path) => !path.StartsWith('.') && !((string[])["test", "sample", "benchmark", "example"]).Any(word => path.Contains(word, StringComparison.OrdinalIgnoreCase));

    // The line of the first brace that opens a method's body on a line of its own.
    private static int? Body(string text) => CSharpSyntaxTree.ParseText(text).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
        .Select(method => method.Body is { Statements.Count: > 0 } body ? body.OpenBraceToken.GetLocation().GetLineSpan().StartLinePosition.Line : (int?)null)
        .FirstOrDefault(line => line is { } at && text.Split('\n')[at].Trim() == "{");
}
