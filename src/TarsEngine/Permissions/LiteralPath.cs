using TarsEngine.Files;

namespace TarsEngine.Permissions;

/// <summary>Paths in configuration are literal: nothing in them is expanded, and what looks as if it should be is refused.</summary>
internal static class LiteralPath
{
    /// <summary>"" when the text is a path inside the codebase.</summary>
    public static string Problem(string text)
    {
        var shown = ByteText.Display(text);
        if (text.StartsWith('~') || text.Contains('`') || HasVariable(text))
            return $"The path '{shown}' holds what a shell would expand; nothing is expanded here, write the path out.";
        return RepositoryPath.TryParse(text, out _, out var problem) ? "" : problem;
    }

    private static bool HasVariable(string text)
    {
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (text[i] == '$' && (text[i + 1] is '{' or '(' or '_' || char.IsAsciiLetter(text[i + 1]))) return true;
            if (text[i] == '%' && char.IsAsciiLetter(text[i + 1]) && text.IndexOf('%', i + 1) > 0) return true;
        }
        return false;
    }
}
