using System.Security.Cryptography;
using System.Text;

namespace Tars.Safety;

/// <summary>What a change is bad by, or that it is good.</summary>
internal enum TrialGroup
{
    /// <summary>A compiler or parser sees it.</summary>
    Compile,

    /// <summary>The suite sees it: our own run of it says so.</summary>
    Behaviour,

    /// <summary>A behaviour fault that the suite sees, together with a change to what judges it.</summary>
    Tampering,

    /// <summary>A commit's tests on its parent's sources, which fail there.</summary>
    ChildTests,

    /// <summary>A commit whose suite is green, as is its parent's.</summary>
    Good,
}

/// <summary>A file as a trial makes it; without content it is deleted.</summary>
internal sealed record TrialFile(string Path, byte[]? Content);

/// <summary>A change that is tried on a commit.</summary>
/// <param name="Base">The commit's full id.</param>
/// <param name="Kind">Which fault, such as 'undefined-name'; for good ones the commit.</param>
/// <param name="Place">Where, for people.</param>
internal sealed record Trial(string Base, TrialGroup Group, string Kind, string Place, IReadOnlyList<TrialFile> Files)
{
    /// <summary>The same for the same change on the same commit, in every run.</summary>
    public string Id { get; } = IdOf(Base, Files);

    private static string IdOf(string commit, IReadOnlyList<TrialFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(commit));
        foreach (var file in files.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"\0{file.Path}\0"));
            hash.AppendData(file.Content is null ? [1] : SHA256.HashData(file.Content));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
