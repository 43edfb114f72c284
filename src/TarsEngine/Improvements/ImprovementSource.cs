using TarsEngine.Documents;
using TarsEngine.Files;

namespace TarsEngine.Improvements;

/// <summary>Reads improvements from bytes that may be a patch or an improvement file: what 'improve add' was given.</summary>
public static class ImprovementSource
{
    /// <param name="name">The file's name, or '-' for standard input; its ending counts first, then what the bytes begin with.</param>
    /// <param name="siblings">Where an improvement file finds the files that it names; null for standard input.</param>
    public static ProposalResult Read(Stream input, string name, SiblingFiles? siblings = null, PatchLimits? limits = null)
    {
        limits ??= PatchLimits.Default;
        if (BoundedBytes.Read(input, limits.MaxBytes) is not { } bytes)
            return Refused(name, 1, $"The input has more than {limits.MaxBytes:N0} bytes, which is the limit; split it into several improvements.");
        if (bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty) return new NothingProposed($"Nothing to do: '{Shown(name)}' is empty.");
        if (IsDocument(name, bytes)) return ImprovementFile.Read(bytes, Shown(name), siblings, limits);
        return ReadPatch(bytes, name, limits);
    }

    private static ProposalResult ReadPatch(byte[] bytes, string name, PatchLimits limits)
    {
        switch (PatchReader.Read(new MemoryStream(bytes), limits))
        {
            case PatchRefused refused:
                return new ProposalRefused([.. refused.Problems.Select(p => new DocumentProblem(Shown(name), p.Line, 1, p.Message, p.IsDenied))]);
            case PatchRead read:
                var source = read.Message.Author is { } author ? $"patch:{Shown(name)} by {author}" : $"patch:{Shown(name)}";
                return new Proposed([OfPatch(CanonicalPatch.Of(bytes, read), read.Message.Subject ?? PatchTitle.Of(read.Files), read.Message.Body, source, read.Message.BaseCommit)], []);
            case PatchEmpty empty:
                return new NothingProposed($"Nothing to do: {empty.Explanation}");
            case var other:
                throw new InvalidOperationException($"{other.GetType()} is no known result.");
        }
    }

    /// <summary>An improvement of one step that applies a checked patch.</summary>
    internal static ImprovementProposal OfPatch(byte[] canonical, string title, string description, string source, string? baseCommit)
    {
        var hash = ContentHash.Of(canonical);
        var step = new StepDefinition("patch", new PatchAction(hash, canonical.Length), [], null, StepDefinition.DefaultTransaction, []);
        return new(title, description, ImprovementProposal.DefaultCategory, ImprovementPriority.Medium, source, [step], baseCommit,
            new Dictionary<ContentHash, byte[]> { [hash] = canonical });
    }

    private static bool IsDocument(string name, ReadOnlySpan<byte> bytes)
    {
        switch (Path.GetExtension(name).ToUpperInvariant())
        {
            case ".YAML" or ".YML" or ".JSON":
                return true;
            case ".PATCH" or ".DIFF" or ".EML" or ".MBOX":
                return false;
        }
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        if (bytes.TrimStart(" \t\r\n"u8) is [(byte)'{', ..]) return true;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            var line = bytes[range];
            if (line.StartsWith("schema:"u8) || line.StartsWith("\"schema\""u8)) return true;
            if (line.StartsWith("diff --git "u8) || line.StartsWith("--- "u8) || line.StartsWith("@@ -"u8)) return false;
        }
        return false;
    }

    private static string Shown(string name) => name == "-" ? "standard input" : ByteText.Display(name);

    private static ProposalRefused Refused(string name, int line, string message) => new([new(Shown(name), line, 1, message)]);
}
