using TarsEngine.Documents;
using TarsEngine.Files;
using TarsEngine.Sandbox.Network;

namespace TarsAutonomy.Alerts;

/// <summary>Where a credential is found when it is needed: a variable or a file, never the configuration itself.</summary>
public sealed record CredentialPlace(string? Variable, string? File)
{
    /// <param name="prefix">'from' reads 'from-environment' and 'from-file'.</param>
    internal static CredentialPlace? Read(MapReader map, string prefix)
    {
        var (variable, file) = (map.OptionalString(prefix + "-environment"), map.OptionalString(prefix + "-file"));
        if (variable is not null && file is not null) map.Problem(prefix + "-file", $"'{prefix}-environment' and '{prefix}-file' exclude each other.");
        if (file is not null && !file.StartsWith('/')) map.Problem(prefix + "-file", $"'{ByteText.Display(file)}' is no absolute path; nothing in it is expanded.");
        return variable is null && file is null ? null : new(variable, file);
    }

    /// <exception cref="CredentialException">It isn't there, or can't be used.</exception>
    internal string Value(IReadOnlyDictionary<string, string> environment)
    {
        var value = File is not null ? ReadFile(File) : environment.GetValueOrDefault(Variable ?? "") ?? "";
        // A line end would begin another header, or another command of the mail server.
        if (value.Length > 0 && value.All(c => c is >= ' ' and < '\u007f')) return value;
        throw new CredentialException($"The credential from '{File ?? Variable}' is not set, or holds characters that none may hold.", "Set it, or correct its name in your configuration.");
    }

    private static string ReadFile(string file)
    {
        try
        {
            return System.IO.File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CredentialException($"The credential can't be read from '{file}': {failure.Message}", "Correct the path in your configuration, or the file's mode.");
        }
    }
}
