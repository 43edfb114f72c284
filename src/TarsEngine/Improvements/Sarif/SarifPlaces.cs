using System.Text;
using System.Text.Json;
using TarsEngine.Files;

namespace TarsEngine.Improvements.Sarif;

/// <summary>Which file of the codebase a SARIF run means by an artifact location.</summary>
/// <param name="root">The codebase's topmost folder, absolute.</param>
internal sealed class SarifPlaces(JsonElement run, string root)
{
    private const int MaxBases = 16;
    private const string FileScheme = "file://";

    /// <param name="problem">Why it is none.</param>
    public RepositoryPath? Resolve(JsonElement location, out string problem)
    {
        problem = "";
        if (location.Number("index") is { } index && !location.Has("uri"))
        {
            var artifacts = run.Items("artifacts").ToList();
            if (index < 0 || index >= artifacts.Count || artifacts[index].Map("location") is not { } listed)
            {
                problem = "The fix names an artifact that the run doesn't list.";
                return null;
            }
            location = listed;
        }
        if (location.Text("uri") is not { Length: > 0 } uri)
        {
            problem = "The fix names no file.";
            return null;
        }
        if (Whole(uri, location.Text("uriBaseId"), 0) is not { } whole)
        {
            problem = $"'{ByteText.Display(uri)}' hangs on a base that the run doesn't say, or on too many.";
            return null;
        }
        return InCodebase(whole, out problem);
    }

    // Relative to a base, which may be relative to another; a base without an address of its own is the codebase.
    private string? Whole(string uri, string? baseId, int depth)
    {
        if (depth > MaxBases) return null;
        if (HasScheme(uri) || baseId is null || run.Map("originalUriBaseIds")?.Map(baseId) is not { } named) return uri;
        if (named.Text("uri") is not { Length: > 0 } prefix) return named.Text("uriBaseId") is { } above ? Whole(uri, above, depth + 1) : uri;
        return Whole(prefix.EndsWith('/') ? prefix + uri : $"{prefix}/{uri}", named.Text("uriBaseId"), depth + 1);
    }

    private RepositoryPath? InCodebase(string uri, out string problem)
    {
        var text = uri;
        if (uri.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase))
        {
            var path = uri[FileScheme.Length..];
            var local = path.StartsWith('/') ? path : path.StartsWith("localhost/", StringComparison.OrdinalIgnoreCase) ? path["localhost".Length..] : null;
            if (local is null || Decoded(local) is not { } absolute || !absolute.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal))
            {
                problem = $"'{ByteText.Display(uri)}' lies outside of the codebase.";
                return null;
            }
            return Parsed(absolute[(root.TrimEnd('/').Length + 1)..], out problem);
        }
        if (HasScheme(text))
        {
            problem = $"'{ByteText.Display(uri)}' is no file.";
            return null;
        }
        if (Decoded(text) is { } decoded) return Parsed(decoded.StartsWith("./", StringComparison.Ordinal) ? decoded[2..] : decoded, out problem);
        problem = $"'{ByteText.Display(uri)}' is no valid URI.";
        return null;
    }

    private static RepositoryPath? Parsed(string text, out string problem)
    {
        if (!RepositoryPath.TryParse(text, out var path, out problem)) return null;
        if (!path.IsMetadata) return path;
        problem = $"'{path}' belongs to git or to tars itself; no change may touch it.";
        return null;
    }

    // 'a:' at the front, before any slash. A single letter is a Windows drive, which no path here begins with either.
    private static bool HasScheme(string uri)
    {
        var colon = uri.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && uri.AsSpan(0, colon).IndexOf('/') < 0;
    }

    // To bytes, so that names that are not UTF-8 stay what they are. Query and fragment mean nothing for a file.
    private static string? Decoded(string uri)
    {
        var bytes = new List<byte>(uri.Length);
        for (var i = 0; i < uri.Length; i++)
        {
            if (uri[i] is '?' or '#') return null;
            if (uri[i] != '%')
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(char.IsHighSurrogate(uri[i]) && i + 1 < uri.Length ? uri.Substring(i++, 2) : uri[i].ToString()));
                continue;
            }
            if (i + 2 >= uri.Length || !char.IsAsciiHexDigit(uri[i + 1]) || !char.IsAsciiHexDigit(uri[i + 2])) return null;
            bytes.Add(Convert.FromHexString(uri.AsSpan(i + 1, 2))[0]);
            i += 2;
        }
        return ByteText.Decode([.. bytes]);
    }
}
