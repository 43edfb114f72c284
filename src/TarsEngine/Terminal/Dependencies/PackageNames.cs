using TarsEngine.Configuration;
using TarsEngine.Terminal.Failures;

namespace TarsEngine.Terminal.Dependencies;

/// <summary>What a package that code needs is called where packages come from.</summary>
/// <param name="AskedFor">As the code asks for it.</param>
/// <param name="Package">The package's name.</param>
/// <param name="IsGuess">No table knows it: the name that the code uses was taken for the package's, which an attacker may have registered.</param>
public sealed record MissingPackage(Ecosystem Ecosystem, string AskedFor, string Package, bool IsGuess);

/// <summary>From an import, a namespace or an assembly to its package: the user's own table first, then the built-in one.</summary>
public sealed class PackageNames(DependencySettings settings)
{
    /// <summary>Null where no package can help: a program of the system, a part of the language itself.</summary>
    public MissingPackage? Of(MissingDependencyFailure missing)
    {
        if (missing.Ecosystem == Ecosystem.Program) return null;
        if (missing.IsPackage) return new(missing.Ecosystem, missing.Name, missing.Name, IsGuess: false);
        var candidates = Candidates(missing).ToList();
        foreach (var table in (IReadOnlyDictionary<string, string>?[])[Own(missing.Ecosystem), BuiltIn(missing.Ecosystem)])
        {
            // The longest name first: 'google.protobuf' says more than 'google'.
            foreach (var name in candidates)
            {
                if (table?.GetValueOrDefault(name) is { } package) return new(missing.Ecosystem, missing.Name, package, IsGuess: false);
            }
        }
        return missing.Ecosystem switch
        {
            Ecosystem.Python when PythonPackages.IsStandard(candidates[^1]) => null,
            Ecosystem.Python => new(missing.Ecosystem, missing.Name, candidates[^1], IsGuess: true),
            // Node's modules are named by their package; nothing is guessed.
            Ecosystem.Node => candidates[^1].StartsWith("node:", StringComparison.Ordinal) ? null : new(missing.Ecosystem, missing.Name, candidates[^1], IsGuess: false),
            _ => new(missing.Ecosystem, missing.Name, missing.Name, IsGuess: true),
        };
    }

    private IReadOnlyDictionary<string, string>? Own(Ecosystem ecosystem) => settings.Names.GetValueOrDefault(KeyOf(ecosystem));

    /// <summary>The word for it in configuration.</summary>
    public static string KeyOf(Ecosystem ecosystem) => ecosystem switch
    {
        Ecosystem.Python => "python",
        Ecosystem.Node => "node",
        Ecosystem.Dotnet => "dotnet",
        _ => throw new ArgumentOutOfRangeException(nameof(ecosystem), ecosystem, "It has no packages."),
    };

    private static IReadOnlyDictionary<string, string>? BuiltIn(Ecosystem ecosystem) => ecosystem switch
    {
        Ecosystem.Python => PythonPackages.ByModule,
        Ecosystem.Dotnet => DotnetPackages.ByNamespace,
        _ => null,
    };

    /// <summary>The name and what it is a part of, longest first; the last one is the top.</summary>
    private static IEnumerable<string> Candidates(MissingDependencyFailure missing)
    {
        if (missing.Ecosystem == Ecosystem.Node)
        {
            // '@scope/name/part' belongs to '@scope/name', 'name/part' to 'name'.
            var parts = missing.Name.Split('/');
            yield return parts[0].StartsWith('@') && parts.Length > 1 ? $"{parts[0]}/{parts[1]}" : parts[0];
            yield break;
        }
        for (var name = missing.Name; ; name = name[..name.LastIndexOf('.')])
        {
            yield return name;
            if (!name.Contains('.', StringComparison.Ordinal)) yield break;
        }
    }
}
