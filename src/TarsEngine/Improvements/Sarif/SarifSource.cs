using System.Text.Json;
using TarsEngine.Documents;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Storage;

namespace TarsEngine.Improvements.Sarif;

/// <summary>Makes improvements of the fixes that a SARIF 2.1.0 log holds, on the codebase as it is.</summary>
/// <param name="root">The codebase's topmost folder, absolute.</param>
internal sealed class SarifSource(GitProgram git, FileSystem files, string scratchFolder, string root, TreeContent content, ObjectStore objects)
{
    private const long MaxBytes = 64L << 20;
    private const int MaxDepth = 64, MaxFixes = 2_000, MaxTitle = 200, MostNotices = 20;

    /// <param name="name">The file's, for messages.</param>
    public async Task<ProposalResult> ReadAsync(Stream input, string name, TreeSnapshot tree, CancellationToken cancellation = default)
    {
        if (BoundedBytes.Read(input, MaxBytes) is not { } bytes) return Refused($"The log has more than {MaxBytes:N0} bytes, which is the limit.");
        if (Parse(bytes, out var fault) is not { } log) return Refused(fault);
        using (log)
        {
            if (log.RootElement.Text("version") != "2.1.0") return Refused("This is no SARIF log of version 2.1.0.");
            var proposals = new List<ImprovementProposal>();
            var problems = new List<string>();
            var (results, fixes) = (0, 0);
            foreach (var run in log.RootElement.Items("runs"))
            {
                var making = new SarifFix(run, root, tree, content, objects);
                foreach (var result in run.Items("results"))
                {
                    results++;
                    // Several fixes of one result are alternatives; the first is the tool's own choice.
                    if (result.Items("fixes").FirstOrDefault() is not { ValueKind: JsonValueKind.Object } fix) continue;
                    if (++fixes > MaxFixes) return Refused($"The log holds more than {MaxFixes:N0} fixes, which is the limit; split it.");
                    var words = new SarifWords(run, result, fix);
                    if (making.ToChanges(fix, out var problem) is not { } changes) problems.Add($"{words.Title(MaxTitle)}: {problem}");
                    else if (changes.IsEmpty) problems.Add($"{words.Title(MaxTitle)}: The codebase is already as this fix would make it.");
                    else proposals.Add(ImprovementSource.OfPatch(await PatchAsync(changes, cancellation), words.Title(MaxTitle), words.Message, $"sarif:{words.Source}", null) with { Category = "analysis" });
                }
            }
            var notices = problems.Take(MostNotices).Select(p => $"Left out: {p}").ToList();
            if (problems.Count > MostNotices) notices.Add($"Left out: {problems.Count - MostNotices} more.");
            if (proposals.Count > 0) return new Proposed(proposals, notices);
            if (problems.Count > 0) return new ProposalRefused([.. problems.Take(MostNotices).Select(Problem)]);
            return new NothingProposed($"Nothing to do: '{ByteText.Display(name)}' holds {results} results, and no fix for any of them.");
        }

        ProposalRefused Refused(string message) => new([Problem(message)]);
        DocumentProblem Problem(string message) => new(ByteText.Display(name), 1, 1, message);
    }

    private async Task<byte[]> PatchAsync(Changes.ChangeSet changes, CancellationToken cancellation)
    {
        var patch = await new PatchWriter(git, files, scratchFolder, content).WriteAsync(changes, cancellation);
        return PatchReader.Read(new MemoryStream(patch)) is PatchRead read
            ? CanonicalPatch.Of(patch, read)
            : throw new InvalidOperationException("A patch of our own can't be read back.");
    }

    private static JsonDocument? Parse(byte[] bytes, out string fault)
    {
        try
        {
            fault = "";
            ReadOnlyMemory<byte> text = bytes;
            if (text.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) text = text[3..];
            return JsonDocument.Parse(text, new() { MaxDepth = MaxDepth });
        }
        catch (JsonException error)
        {
            fault = $"This is not JSON: {error.Message}";
            return null;
        }
    }
}
