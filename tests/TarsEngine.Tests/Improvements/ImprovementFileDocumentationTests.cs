using System.Text;
using System.Text.RegularExpressions;
using TarsEngine.Files;
using TarsEngine.Improvements;

namespace TarsEngine.Tests.Improvements;

/// <summary>Every example of docs/improvement-files.md is what it says that it is.</summary>
public sealed partial class ImprovementFileDocumentationTests
{
    [Fact]
    public void Every_example_is_read_without_a_problem()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("change.patch"), "diff --git a/x b/x\nold mode 100644\nnew mode 100755\n");
        var examples = Example().Matches(File.ReadAllText(Path.Combine(Root(), "docs", "improvement-files.md")));
        Assert.Equal(9, examples.Count);
        var read = examples.Select(e => ImprovementFile.Read(
            Encoding.UTF8.GetBytes(e.Groups["text"].Value), "example." + e.Groups["kind"].Value, new SiblingFiles(new FileSystem(), folder.Path))).ToList();
        Assert.All(read, r => Assert.True(r is Proposed, r is ProposalRefused refused ? string.Join('\n', refused.Problems) : r.ToString()));
        Assert.Equal(10, read.OfType<Proposed>().Sum(p => p.Improvements.Count));
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Tars.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    [GeneratedRegex(@"^```(?<kind>yaml|json)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Example();
}
