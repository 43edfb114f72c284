namespace TarsEngine.Validation.Dotnet;

/// <summary>One message of a compiler, MSBuild or NuGet.</summary>
/// <param name="Path">The file it is about, when that lies in the codebase.</param>
/// <param name="Project">The project that was built, relative to the codebase.</param>
internal sealed record BuildDiagnostic(bool IsError, string Code, string Message, string? Path, int? Line, string? Project)
{
    /// <summary>Codes of NuGet: a package is missing or can't be chosen, or its source can't be reached.</summary>
    public bool IsMissingPackage => Code is "NU1100" or "NU1101" or "NU1102" or "NU1103" or "NU1301" or "NU1801" or "NETSDK1004" or "NETSDK1064" or "MSB4236" or "MSB4276";

    /// <summary>Codes that speak of the surroundings: an SDK, workload or targeting pack that isn't installed.</summary>
    public bool IsMissingToolchain => Code is "NETSDK1045" or "NETSDK1073" or "NETSDK1127" or "NETSDK1139" or "NETSDK1141" or "NETSDK1147" or "NETSDK1226" or "MSB3644" or "MSB3971";

    public bool IsSurroundings => IsMissingPackage || IsMissingToolchain;
}
