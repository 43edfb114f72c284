using TarsEngine.Sandbox.Packages;

namespace TarsEngine.Sandbox;

/// <summary>What of the host is shown in every sandbox, read-only, besides /usr, the system's folders at the root, and toolchains.</summary>
internal static class ShownFiles
{
    /// <summary>Each where it exists. Public parts only: whoever runs as root may read the private keys beside them.</summary>
    public static readonly IReadOnlyList<string> Host =
    [
        "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/pki/tls/certs", "/etc/pki/tls/cert.pem", "/etc/pki/tls/openssl.cnf", "/etc/pki/ca-trust/extracted",
        "/etc/ca-certificates/extracted", "/etc/crypto-policies", "/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/dotnet",
        // Not Maven's settings, which hold passwords.
        "/etc/maven/m2.conf", "/etc/maven/logging",
        .. OfJava(),
    ];

    // Debian keeps there what Java reads when it starts; beside it stand the passwords of its remote control.
    private static IEnumerable<string> OfJava() =>
        from folder in Directory.GetDirectories("/etc", "java-*")
        from path in Directory.GetFileSystemEntries(folder)
        where Path.GetFileName(path) is "security" or "net.properties" or "logging.properties" || path.EndsWith(".cfg", StringComparison.Ordinal)
        select path;

    /// <summary>What was fetched for this codebase.</summary>
    public static IEnumerable<(string Folder, string Inside)> Fetched(SandboxPaths paths)
    {
        var root = PackageCache.FolderIn(paths.StateFolder);
        foreach (var inside in (string[])[SandboxLayout.FetchedNuget, SandboxLayout.FetchedNpm])
        {
            var folder = Path.Combine(root, Path.GetFileName(inside));
            if (Directory.Exists(folder)) yield return (folder, inside);
        }
    }
}
