namespace TarsEngine.Improvements;

/// <summary>
/// Reads a patch as a stream in bounded memory, and refuses whatever git could read in another way, whatever leaves the codebase,
/// and whatever no file of a codebase may become. What it accepts, <c>git apply</c> applies to exactly the paths that it names.
/// </summary>
public static class PatchReader
{
    /// <summary>Checks a whole patch; nothing is applied.</summary>
    public static PatchResult Read(Stream patch, PatchLimits? limits = null)
    {
        limits ??= PatchLimits.Default;
        var lines = new PatchLines(patch, limits);
        var message = new PatchMessageReader();
        var files = new List<PatchFile>();
        var (sections, hasText) = (0, false);
        try
        {
            while (lines.Next())
            {
                if (++sections > limits.MaxFiles) throw lines.Error($"the patch has more than {limits.MaxFiles:N0} sections, which is the limit.");
                var file = ReadSection(lines, limits, message, files, out var isText);
                if (isText) sections--;
                hasText |= isText && !lines.Current.Trim((byte)' ').IsEmpty;
                if (file is not null) files.Add(file);
            }
        }
        catch (PatchFormatException broken)
        {
            return new PatchRefused([new(broken.Line, broken.Message, broken.IsDenied)]);
        }
        if (PatchPathRules.Check(files) is [_, ..] problems) return new PatchRefused(problems);
        var text = message.Finish();
        if (files.Count > 0) return new PatchRead(files, text);
        if (sections > 0) return new PatchEmpty(text, "The patch names files, but changes none of them.");
        if (!hasText) return new PatchEmpty(text, "The patch is empty.");
        return text.Subject is not null
            ? new PatchEmpty(text, "The patch carries a message, but no change.")
            : new PatchRefused([new(1, "no patch found: no line begins with 'diff --git', and no '---' with '+++' after it. Make it with 'git diff --binary'.")]);
    }

    private static PatchFile? ReadSection(PatchLines lines, PatchLimits limits, PatchMessageReader message, List<PatchFile> files, out bool isText)
    {
        isText = false;
        if (lines.StartsWith("diff --git "u8))
        {
            message.Close();
            if (files is [.., { IsPlain: true }]) throw lines.Error("the patch mixes sections with and without git's header.");
            return PatchSections.ReadGit(lines, limits);
        }
        if (lines.StartsWith("--- "u8))
        {
            var (minus, line, start) = (lines.Current.ToArray(), lines.Number, lines.Offset);
            var more = lines.Next();
            if (more && lines.StartsWith("+++ "u8))
            {
                message.Close();
                if (files is [.., { IsPlain: false }]) throw new PatchFormatException(line, "the patch mixes sections with and without git's header, or a hunk's header lies about its counts.");
                return PatchSections.ReadPlain(lines, minus, line, start);
            }
            if (more) lines.Unread();
            message.Add(minus);
            isText = true;
            return null;
        }
        if (lines.StartsWith("@@ -"u8)) throw lines.Error("a hunk that belongs to no file.");
        if (lines.StartsWith("diff --cc "u8) || lines.StartsWith("diff --combined "u8))
            throw lines.Error("a combined diff of a merge can't be applied; give the difference to one parent.");
        if (lines.StartsWith("Submodule "u8)) throw lines.Error("a change of a submodule can't be executed; leave it out of the patch.");
        message.Add(lines.Current);
        isText = true;
        return null;
    }
}
