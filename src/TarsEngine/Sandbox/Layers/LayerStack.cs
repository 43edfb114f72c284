using TarsEngine.Files;

namespace TarsEngine.Sandbox.Layers;

/// <summary>Layers in use: nobody removes them before this is disposed, or its process ends.</summary>
internal sealed class LayerStack(string layersName, Layer top, IReadOnlyList<FileHandle> holds) : IDisposable
{
    public Layer Top => top;

    public IReadOnlyList<FileHandle> Holds => holds;

    /// <summary>Their files, relative to the state folder, the topmost first.</summary>
    public IReadOnlyList<string> Lower { get; } = [.. top.Stack.Select(name => $"{layersName}/{name}/{Layer.FilesName}")];

    public void Dispose()
    {
        foreach (var hold in holds) hold.Dispose();
    }
}
