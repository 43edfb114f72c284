using System.Globalization;
using System.Net;
using TarsEngine.Configuration;
using TarsEngine.Permissions;

namespace TarsEngine.Validation.Packages;

/// <summary>Where packages come from.</summary>
/// <param name="Nuget">The address of a NuGet v3 index.</param>
/// <param name="Npm">The address of an npm registry.</param>
internal sealed record PackageRegistries(Uri Nuget, Uri Npm)
{
    public static PackageRegistries Public { get; } = new(new("https://api.nuget.org/v3/index.json"), new("https://registry.npmjs.org/"));

    /// <summary>The user's own where the configuration names one.</summary>
    /// <exception cref="PackageSourceException">It names something that nothing can be fetched from.</exception>
    public static PackageRegistries Of(DependencySettings settings) =>
        new(Source(settings, "dotnet") ?? Public.Nuget, Source(settings, "node") ?? Public.Npm);

    /// <summary>One registry as the only host, under whatever the user denies, and at a private address only where the user names it.</summary>
    public static NetworkAccess Only(Uri registry, NetworkAccess user)
    {
        var own = user.Hosts.Where(rule => rule.Decide != Decision.Allow || (rule.Port == registry.Port && IPAddress.TryParse(rule.Host, out _)));
        return HostName.TryNormalize(registry.Host, out var host)
            ? new([new HostRule(host, registry.Port, Decision.Allow, RuleOrigin.BuiltIn), .. own])
            : throw new PackageSourceException($"'{registry.Host}' is no host that can be spoken to.");
    }

    private static Uri? Source(DependencySettings settings, string ecosystem)
    {
        if (!settings.Sources.TryGetValue(ecosystem, out var text)) return null;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && uri.UserInfo.Length == 0 ? uri
            : throw new PackageSourceException(string.Create(CultureInfo.InvariantCulture, $"Your configuration takes packages for '{ecosystem}' from '{text}', which is no registry: nothing can be fetched from there."));
    }
}

/// <summary>Packages can't be fetched from what the configuration names.</summary>
public sealed class PackageSourceException(string message) : Exception(message);
