using System.CommandLine;

namespace TarsCli.Commands;

/// <summary>'packages': what builds and tests need of others.</summary>
internal static class PackagesCommand
{
    public static Command Create(CompositionRoot composition) =>
        new TarsCommand("packages", "Packages that builds and tests need: they run without a network",
            ("tarscli packages fetch", "fetches them, checks them by hash and keeps them for this codebase"))
        {
            PackagesFetchCommand.Create(composition),
        };
}
