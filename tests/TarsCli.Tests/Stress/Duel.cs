namespace TarsCli.Tests.Stress;

/// <summary>Two commands that are given at once, and every way in which one after the other could end.</summary>
internal sealed record Duel(string Name, string[] First, string[] Second, params DuelEnd[] Allowed);

/// <summary>Both exit codes, and what the files that the two are about then hold; null is absence.</summary>
internal sealed record DuelEnd(int First, int Second, params (string Path, string? Content)[] Files);
