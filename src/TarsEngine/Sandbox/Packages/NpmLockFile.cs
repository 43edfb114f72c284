using System.Text.Json;

namespace TarsEngine.Sandbox.Packages;

/// <summary>A tarball that a lock file names.</summary>
/// <param name="Hash">Its SHA-512, hexadecimal.</param>
/// <param name="MayBeAbsent">Optional: not fetched where the platform is another.</param>
internal sealed record NpmTarball(string Name, string Hash, bool MayBeAbsent);

/// <summary>What 'package-lock.json' of npm 7 and newer says.</summary>
/// <param name="Problems">Packages that can't be checked, with the reason.</param>
internal sealed record NpmLockFile(IReadOnlyList<NpmTarball> Tarballs, IReadOnlyList<string> Problems)
{
    private const int HashBytes = 64;

    /// <param name="path">For messages.</param>
    public static NpmLockFile Read(string path, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = 32 });
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("packages", out var packages) && packages.ValueKind == JsonValueKind.Object
                ? Read(path, packages)
                : new([], [$"'{path}' has no 'packages': it is of npm 6 or older. Write it anew with 'npm install --package-lock-only'."]);
        }
        catch (JsonException failure)
        {
            return new([], [$"'{path}' can't be read: {failure.Message}"]);
        }
    }

    private static NpmLockFile Read(string path, JsonElement packages)
    {
        var (tarballs, problems) = (new List<NpmTarball>(), new List<string>());
        foreach (var package in packages.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Object && p.Name.Contains("node_modules/", StringComparison.Ordinal)))
        {
            if (Is(package.Value, "link") || Is(package.Value, "inBundle")) continue;
            var name = $"{package.Name[(package.Name.LastIndexOf("node_modules/", StringComparison.Ordinal) + 13)..]} {Text(package.Value, "version")}".TrimEnd();
            if (Text(package.Value, "resolved") is not { } from) problems.Add($"'{path}': {name} has no 'resolved' address, without which npm can't install it offline. Write the file anew without npm's setting 'omit-lockfile-registry-resolved'.");
            else if (!from.StartsWith("https://", StringComparison.Ordinal) && !from.StartsWith("http://", StringComparison.Ordinal)) problems.Add($"'{path}': {name} comes from '{Files.ByteText.Display(from)}', which is no registry.");
            else if (Hash(Text(package.Value, "integrity")) is { } hash) tarballs.Add(new(name, hash, Is(package.Value, "optional") || Is(package.Value, "devOptional")));
            else problems.Add($"'{path}': {name} has no SHA-512 in 'integrity': it can't be checked.");
        }
        return new(tarballs, problems);
    }

    private static string? Hash(string? integrity)
    {
        foreach (var one in (integrity ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(one => one.StartsWith("sha512-", StringComparison.Ordinal)))
        {
            var bytes = new byte[HashBytes];
            if (Convert.TryFromBase64String(one[7..], bytes, out var count) && count == HashBytes) return Convert.ToHexStringLower(bytes);
        }
        return null;
    }

    private static bool Is(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
