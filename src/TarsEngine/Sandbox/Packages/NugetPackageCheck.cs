using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using TarsEngine.Files;

namespace TarsEngine.Sandbox.Packages;

/// <summary>
/// Checks packages that a restore laid out: the archive against its recorded hashes and against the lock files, and every
/// file beside it against the archive. What the restore says of itself counts for nothing.
/// </summary>
/// <param name="locked">From 'id/version' in small letters to the content hash that a lock file names.</param>
internal sealed class NugetPackageCheck(IReadOnlyDictionary<string, string> locked)
{
    private const int MostFiles = 100_000;
    private readonly List<CheckedPackage> packages = [];
    private readonly List<string> problems = [];

    public IReadOnlyList<CheckedPackage> Packages => packages;
    public IReadOnlyList<string> Problems => problems;

    /// <param name="folder">In the form of NuGet's global packages folder.</param>
    public void Read(string folder)
    {
        foreach (var id in Entries(folder))
        {
            if (id is not DirectoryInfo { LinkTarget: null }) continue; // Not a package: nothing of it moves on.
            foreach (var version in Entries(id.FullName))
            {
                if (version is DirectoryInfo { LinkTarget: null } package) Check(id.Name, package);
            }
        }
    }

    private void Check(string id, DirectoryInfo package)
    {
        var name = $"{id} {package.Name}";
        try
        {
            if (Problem(id, package) is { } problem) problems.Add($"{ByteText.Display(name)}: {problem}");
            else packages.Add(new(name, package.FullName, Path.Combine("nuget", id, package.Name)));
        }
        catch (Exception failure) when (failure is InvalidDataException or XmlException or JsonException or IOException or FormatException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Add($"{ByteText.Display(name)}: it can't be read: {failure.Message}");
        }
    }

    private string? Problem(string id, DirectoryInfo package)
    {
        var archive = Path.Combine(package.FullName, $"{id}.{package.Name}.nupkg");
        if (package.GetFiles("*", SearchOption.TopDirectoryOnly).Any(file => file.LinkTarget is not null) || !File.Exists(archive)) return "its archive is missing, or a link stands in its folder.";
        var bytes = File.ReadAllBytes(archive);
        if (File.ReadAllText(archive + ".sha512").Trim() != Convert.ToBase64String(SHA512.HashData(bytes))) return "the archive's hash is not the recorded one.";
        var content = NugetContentHash.Of(bytes);
        using (var metadata = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(package.FullName, ".nupkg.metadata"))))
        {
            if (metadata.RootElement.ValueKind != JsonValueKind.Object || !metadata.RootElement.TryGetProperty("contentHash", out var recorded) || !recorded.ValueEquals(content)) return "the content's hash is not the recorded one.";
        }
        if (locked.TryGetValue($"{id}/{package.Name}", out var expected) && expected != content) return "the content's hash is not the one in 'packages.lock.json'.";
        using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
        return FilesProblem(id, package, zip);
    }

    private static string? FilesProblem(string id, DirectoryInfo package, ZipArchive zip)
    {
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in zip.Entries) entries[Uri.UnescapeDataString(entry.FullName).Replace('\\', '/').TrimStart('/')] = entry;
        if (zip.Entries.SingleOrDefault(entry => entry.FullName.EndsWith(".nuspec", StringComparison.OrdinalIgnoreCase) && !entry.FullName.Contains('/', StringComparison.Ordinal)) is not { } nuspec || IdOf(nuspec) != id)
            return "the archive is of another package.";
        entries[id + ".nuspec"] = nuspec;
        string[] made = [$"{id}.{package.Name}.nupkg", $"{id}.{package.Name}.nupkg.sha512", ".nupkg.metadata"];
        foreach (var file in Tree(package.FullName))
        {
            var path = Path.GetRelativePath(package.FullName, file.FullName);
            if (file.LinkTarget is not null) return $"'{ByteText.Display(path)}' is a link.";
            if (made.Contains(path)) continue;
            if (!entries.TryGetValue(path, out var entry)) return $"'{ByteText.Display(path)}' is not in its archive.";
            using var packed = entry.Open();
            using var unpacked = new FileStream(file.FullName, FileMode.Open, FileAccess.Read);
            if (!SHA256.HashData(packed).AsSpan().SequenceEqual(SHA256.HashData(unpacked))) return $"'{ByteText.Display(path)}' is not what its archive holds.";
        }
        return null;
    }

    private static string? IdOf(ZipArchiveEntry nuspec)
    {
        using var text = nuspec.Open();
        using var reader = XmlReader.Create(text, new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 4_000_000 });
        return XDocument.Load(reader).Root?.Elements().FirstOrDefault(e => e.Name.LocalName == "metadata")?.Elements().FirstOrDefault(e => e.Name.LocalName == "id")?.Value.Trim().ToLowerInvariant();
    }

    private static IEnumerable<FileSystemInfo> Tree(string folder)
    {
        var folders = new Stack<string>([folder]);
        var left = MostFiles;
        while (folders.TryPop(out var at))
        {
            foreach (var entry in Entries(at))
            {
                if (--left < 0) throw new InvalidDataException("it has too many files.");
                if (entry is DirectoryInfo { LinkTarget: null }) folders.Push(entry.FullName);
                else yield return entry;
            }
        }
    }

    private static IEnumerable<FileSystemInfo> Entries(string folder) =>
        new DirectoryInfo(folder).EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None });
}
