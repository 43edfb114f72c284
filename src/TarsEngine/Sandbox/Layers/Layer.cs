using TarsEngine.Files;

namespace TarsEngine.Sandbox.Layers;

/// <summary>What a layer holds.</summary>
internal enum LayerKind
{
    /// <summary>The files of a tree: all of them, or what differs from the tree below.</summary>
    Tree,

    /// <summary>What builds made of the tree below, and nothing else.</summary>
    Outputs,
}

/// <summary>One layer on disk. Never changed once it has its name.</summary>
/// <param name="Name">Of its folder.</param>
/// <param name="Tree">The tree that shows with all layers below it.</param>
/// <param name="Checks">Which checks made the outputs in it and below it; null when there are none.</param>
/// <param name="Below">The layers that it lies on, the topmost first.</param>
/// <param name="NewestNs">No file in it or below it was modified after this, in nanoseconds since 1970.</param>
/// <param name="Bytes">Of its own files.</param>
/// <param name="IsOfChange">Code of a change that was being judged wrote it.</param>
internal sealed record Layer(
    string Name, LayerKind Kind, ContentHash Tree, ContentHash? Checks, IReadOnlyList<string> Below, long NewestNs, long Bytes, bool IsOfChange)
{
    public const string FilesName = "files";

    /// <summary>Its name and those below it, the topmost first.</summary>
    public IReadOnlyList<string> Stack => [Name, .. Below];
}
