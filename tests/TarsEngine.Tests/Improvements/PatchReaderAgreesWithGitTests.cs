using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TarsEngine.Files;
using TarsEngine.Improvements;

namespace TarsEngine.Tests.Improvements;

/// <summary>For whatever git writes as a patch, we name the very paths and modes that git names, and git makes of what we keep the very tree.</summary>
public class PatchReaderAgreesWithGitTests
{
    [Fact]
    public void Paths_modes_and_result_are_what_git_says_for_random_changes()
    {
        using var repository = new ScratchRepository();
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => Check(repository, seed)).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private static bool Check(ScratchRepository repository, int seed)
    {
        var (before, after) = new RandomTrees(seed).Make();
        string from = repository.Commit(before), to = repository.Commit(after);
        string[] options = (seed & 3) switch { 0 => ["-M"], 1 => ["-M", "-C", "--find-copies-harder"], 2 => ["--no-renames"], _ => ["-M", "--full-index"] };
        var noContext = (seed & 3) == 3;
        var patch = repository.Git(["diff", "--binary", noContext ? "-U0" : "-U3", .. options, from, to]);
        var expected = Expected(repository.Git(["diff", "--raw", "-z", .. options, from, to]));
        var result = PatchReader.Read(new MemoryStream(patch));
        if (expected.Count == 0) return result is PatchEmpty;
        var read = Assert.IsType<PatchRead>(result);
        Assert.Equal(expected, read.Files.Select(Describe).OrderBy(d => d, StringComparer.Ordinal).ToList());
        Assert.Equal(repository.GitText("rev-parse", to + "^{tree}"), Apply(repository, from, CanonicalPatch.Of(patch, read), noContext));
        return true;
    }

    private static string Apply(ScratchRepository repository, string commit, byte[] patch, bool noContext)
    {
        repository.Git("read-tree", commit);
        repository.Git(patch, noContext ? ["apply", "--cached", "--unidiff-zero", "-"] : ["apply", "--cached", "-"]);
        return repository.GitText("write-tree");
    }

    private static string Describe(PatchFile file)
    {
        var kind = file.Kind.ToString()[..1];
        // git says the modes always, a patch only where they are of interest.
        var modes = file.Kind switch
        {
            PatchFileKind.Create => "000000 " + PatchModes.Format(file.NewMode!.Value),
            PatchFileKind.Delete => PatchModes.Format(file.OldMode!.Value) + " 000000",
            _ => file.OldMode is null ? "same" : PatchModes.Format(file.OldMode.Value) + " " + PatchModes.Format(file.NewMode!.Value),
        };
        return $"{(file.Kind == PatchFileKind.Copy ? "C" : kind == "C" ? "A" : kind)} {file.OldPath?.Value} {file.NewPath?.Value} {modes}";
    }

    private static List<string> Expected(byte[] raw)
    {
        var fields = Encoding.Latin1.GetString(raw).Split('\0')[..^1];
        var expected = new List<string>();
        for (var i = 0; i < fields.Length;)
        {
            var head = fields[i++][1..].Split(' ');
            var (oldMode, newMode, same, status) = (head[0], head[1], head[2] == head[3], head[4][..1]);
            var old = Path(fields[i++]);
            var @new = status is "R" or "C" ? Path(fields[i++]) : old;
            var modes = status is "R" or "C" && head[4][1..] == "100" && oldMode == newMode ? "same" : $"{oldMode} {newMode}";
            if (status == "A") expected.Add($"A  {@new} 000000 {newMode}");
            else if (status == "D") expected.Add($"D {old}  {oldMode} 000000");
            else if (status == "T") expected.AddRange([$"D {old}  {oldMode} 000000", $"A  {@new} 000000 {newMode}"]);
            else expected.Add($"{status} {old} {@new} {modes}");
        }
        return [.. expected.OrderBy(d => d, StringComparer.Ordinal)];

        static string Path(string latin1) => RepositoryPath.FromBytes(Encoding.Latin1.GetBytes(latin1)).Value;
    }
}
