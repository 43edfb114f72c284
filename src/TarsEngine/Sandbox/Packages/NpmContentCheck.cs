using System.Security.Cryptography;

namespace TarsEngine.Sandbox.Packages;

/// <summary>Checks the tarballs that npm fetched: each that a lock file names, by that file's own hash. Nothing else moves on.</summary>
internal static class NpmContentCheck
{
    /// <summary>Where npm keeps a tarball, relative to its cache.</summary>
    public static string PlaceOf(string hash) => Path.Combine("_cacache", "content-v2", "sha512", hash[..2], hash[2..4], hash[4..]);

    /// <param name="folder">An npm cache.</param>
    public static (IReadOnlyList<CheckedPackage> Packages, IReadOnlyList<string> Problems) Read(string folder, IEnumerable<NpmTarball> tarballs)
    {
        var (packages, problems) = (new List<CheckedPackage>(), new List<string>());
        foreach (var tarball in tarballs.DistinctBy(one => one.Hash, StringComparer.Ordinal))
        {
            var file = new FileInfo(Path.Combine(folder, PlaceOf(tarball.Hash)));
            if (!file.Exists || LinksOnTheWay(folder, file))
            {
                if (!tarball.MayBeAbsent) problems.Add($"{tarball.Name}: npm did not fetch it.");
                continue;
            }
            using var content = file.OpenRead();
            if (Convert.ToHexStringLower(SHA512.HashData(content)) == tarball.Hash) packages.Add(new(tarball.Name, file.FullName, Path.Combine("npm", PlaceOf(tarball.Hash))));
            else problems.Add($"{tarball.Name}: its hash is not the one in the lock file.");
        }
        return (packages, problems);
    }

    // The sandbox could write here: a link would lead to a file of the host.
    private static bool LinksOnTheWay(string folder, FileInfo file)
    {
        if (file.LinkTarget is not null) return true;
        for (var at = file.Directory; at is not null && at.FullName.Length > folder.Length; at = at.Parent)
        {
            if (at.LinkTarget is not null) return true;
        }
        return false;
    }
}
