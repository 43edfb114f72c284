using TarsEngine.Files;

namespace TarsEngine.Worlds;

/// <summary>What passed the seam to the disk and changed something.</summary>
internal sealed class SeamLog : ISeamObserver
{
    private readonly List<string> lines = [];

    public IReadOnlyList<string> Lines => lines;

    public void Before(SeamCall call)
    {
    }

    public void After(SeamCall call)
    {
        if (call.Mutates && call.Target.StartsWith('/')) lines.Add($"{Word(call.Operation)} {call.Target}");
    }

    private static string Word(string operation) => operation switch
    {
        "create" or "open-or-create" => "open",
        "fsync-directory" => "fsync",
        _ => operation,
    };
}
