namespace TarsEngine.Sandbox;

/// <summary>A toolchain outside /usr, shown inside read-only at its own place.</summary>
/// <param name="Name">What it is, for people: 'dotnet', 'python 3.12.1'.</param>
/// <param name="Folder">Where it lies.</param>
/// <param name="Shown">The files and folders that are shown; what lies beside them (credentials, settings, certificates) is not.</param>
/// <param name="Programs">Folders for the sandbox's PATH.</param>
/// <param name="Variables">What it needs in the environment.</param>
public sealed record ToolchainFolder(
    string Name, string Folder, IReadOnlyList<string> Shown, IReadOnlyList<string> Programs, IReadOnlyDictionary<string, string> Variables);

/// <summary>What was found in the user's environment.</summary>
/// <param name="Left">Folders of the PATH that are not shown: none of the known toolchains lies there.</param>
internal sealed record ToolchainFindings(IReadOnlyList<ToolchainFolder> Found, IReadOnlyList<string> Left);
