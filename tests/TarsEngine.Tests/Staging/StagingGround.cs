using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Improvements;
using TarsEngine.Sandbox;
using TarsEngine.Staging;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Staging;

/// <summary>A real codebase with git and a state folder, to stage changes on.</summary>
public sealed class StagingGround : IDisposable
{
    private DirectoryHandle? root;

    public GitRepository Repository { get; } = new();
    public FileSystem Files { get; } = new();
    public StateFolder State => StateFolder.Create(Repository.Folder, Repository.At(".git"), Files);
    public ObjectStore Objects => new(State, Files);
    public CodebaseCapture Capture => new(Program, Repository.Location, Files, State);

    internal static GitProgram Program { get; } = GitProgram.Find(GitRepository.Environment);

    public void Dispose()
    {
        root?.Dispose();
        Repository.Dispose();
    }

    /// <summary>The working tree as it is now, in memory.</summary>
    public async Task<VirtualFileSystem> Tree() =>
        new((await Capture.CaptureAsync(TestContext.Current.CancellationToken)).Tree, Content(), Objects);

    public TreeContent Content() => new(Files, root ??= Files.OpenRoot(Repository.Folder), Objects);

    /// <summary>Commits what is there, lets <paramref name="edit"/> change it, answers git's patch of that, and takes it back.</summary>
    public byte[] PatchOf(Action edit, params string[] options)
    {
        Repository.Commit();
        edit();
        Repository.Git("add", "-A");
        var patch = Repository.GitBytes(["diff", "--cached", "--binary", .. options]);
        Repository.Git("reset", "-q", "--hard");
        return patch;
    }

    /// <summary>What the working tree would be with git's own hands, for comparison.</summary>
    public async Task<IReadOnlyList<Finding>> Apply(byte[] patch, VirtualFileSystem tree) =>
        await new PatchStep(Program, Files, Objects, State.Workspaces)
            .RunAsync(new PatchAction(Objects.Put(patch), patch.Length), tree, TestContext.Current.CancellationToken);

    public async Task<IReadOnlyList<Finding>> Apply(string patch, VirtualFileSystem tree) => await Apply(Encoding.UTF8.GetBytes(patch), tree);

    public static RepositoryPath P(string path) => RepositoryPath.Parse(path);

    public static string Text(VirtualFileSystem tree, string path) => Encoding.UTF8.GetString(tree.Read(P(path)));
}
