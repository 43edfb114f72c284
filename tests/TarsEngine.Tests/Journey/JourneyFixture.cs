using System.Text;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Journey;

/// <summary>
/// A real repository whose one check is a shell script of its own: green as long as no file holds the word 'broken', and as long as
/// 'a.txt' and 'b.txt' don't both hold 'two'. Run in the real sandbox.
/// </summary>
public sealed class JourneyFixture : IDisposable
{
    private readonly TempFolder user = new();

    /// <param name="settings">More of the user's configuration.</param>
    /// <param name="replaceChecks">The settings name the checks themselves.</param>
    public JourneyFixture(string settings = "", bool replaceChecks = false)
    {
        Repository.Write("check.sh", """
            #!/bin/sh
            if grep -rqs broken --include='*.txt' .; then echo "check.sh:1: a file is broken"; exit 1; fi
            if grep -qs two a.txt && grep -qs two b.txt; then echo "both are two"; exit 1; fi
            """);
        Repository.Write("a.txt", "one\n");
        Repository.Write("b.txt", "one\n");
        Repository.Write(".gitignore", "*.log\n");
        Repository.Commit("begin");
        File.WriteAllText(user.File("config.yaml"), (replaceChecks ? "" : "checks:\n  - name: words\n    run: [sh, check.sh]\n") + settings);
    }

    public GitRepository Repository { get; } = new();
    public ISeamObserver? Seams { get; set; }

    public string Root => Repository.Folder;

    public Task<Codebase> OpenAsync() => Codebase.OpenAsync(new(
        Root, user.File("state"), user.File("config.yaml"), "tester", GitRepository.Environment) { Seams = Seams });

    public static ImprovementId Add(Codebase codebase, string yaml)
    {
        var read = ImprovementSource.Read(new MemoryStream(Encoding.UTF8.GetBytes("schema: tars/improvement/v1\n" + yaml)), "improvement.yaml");
        var proposals = Assert.IsType<Proposed>(read).Improvements;
        return Assert.IsType<Added>(codebase.Improvements.Add(proposals, "tester")[0]).Improvement.Id;
    }

    /// <summary>Adds an improvement that gives a file other content, and executes it.</summary>
    public static async Task<ExecutionOutcome> ReplaceAsync(Codebase codebase, string path, string content, bool land = true) =>
        await codebase.Execution.ExecuteAsync(Replacing(codebase, path, content), new ExecutionOptions { ApproveWhenValid = land });

    public static ImprovementId Replacing(Codebase codebase, string path, string content) =>
        Add(codebase, $"title: {path} becomes {content}\nedits:\n  - replace: {path}\n    content: |\n      {content}\n");

    /// <summary>Every path of the working tree and of git's own files, with kind, mode and content; not our state.</summary>
    public string Picture(params IReadOnlyList<string> leftOut) => TreePicture.Of(Root, [".git/tars", .. leftOut]);

    public void Dispose()
    {
        Repository.Dispose();
        user.Dispose();
    }
}
