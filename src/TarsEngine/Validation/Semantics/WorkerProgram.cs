using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Layers;

namespace TarsEngine.Validation.Semantics;

/// <summary>The C# compiler's worker as a command: a program of ours that runs where the codebase's code runs.</summary>
internal static class WorkerProgram
{
    private const string Inside = "/worker", File = Inside + "/TarsEngine.CSharp.dll";

    // Among outputs of builds, so that it is kept, replaced and removed with them.
    private const string Folder = SandboxLayout.Codebase + "/obj/tars-csharp";

    private static readonly string folder = Path.Combine(AppContext.BaseDirectory, "csharp");

    /// <summary>Whether it can be of use for a workspace: what it learns of a build is kept with what the build made.</summary>
    public static bool Serves(Workspace workspace) => workspace is LayeredWorkspace && Directory.Exists(folder);

    /// <summary>Whether something was built there that a log tells of.</summary>
    public static bool HasLog(Workspace workspace) => Directory.Exists(workspace.WrittenFolder + Folder[SandboxLayout.Codebase.Length..]);

    /// <summary>Has MSBuild keep a log of what it does.</summary>
    public static KeyValuePair<string, string> Logging => new("MSBUILD_LOGGING_ARGS", $"-bl:{Folder}/{{}}.binlog");

    /// <summary>After a build of the tree: what its logs say of the compiler is kept, the logs are not.</summary>
    public static SandboxCommand Record(ContentHash tree) => Command(TimeSpan.FromMinutes(3), "record", Folder, tree.ToString());

    /// <summary>Answers a line for each line, for as long as it is asked.</summary>
    public static SandboxCommand Serve(ContentHash tree, TimeSpan life) => Command(life, "serve", SandboxLayout.Codebase, Folder, tree.ToString());

    private static SandboxCommand Command(TimeSpan time, params string[] arguments) => new(["dotnet", "exec", File, .. arguments], "", time, new Dictionary<string, string>(StringComparer.Ordinal)
    {
        // Of the memory below; the rest is the runtime's own and the files that it maps.
        ["DOTNET_GCHeapHardLimit"] = "50000000",
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_EnableDiagnostics"] = "0",
    })
    {
        Binds = [new(folder, Inside, Writable: false)],
        Limits = new() { MemoryBytes = 2L << 30, Processes = 256, WorkspaceBytes = 1L << 30, WorkspaceFiles = 20_000, OutputBytes = 1L << 30 },
    };
}
