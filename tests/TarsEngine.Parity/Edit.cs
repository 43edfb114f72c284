namespace TarsEngine.Parity;

/// <summary>One change to be tried.</summary>
/// <param name="Kind">In words.</param>
/// <param name="Files">New texts by path; null removes.</param>
internal sealed record Edit(string Kind, IReadOnlyDictionary<string, string?> Files);
