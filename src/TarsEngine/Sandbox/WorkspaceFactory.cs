using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox;

/// <summary>Makes workspaces under the state folder: only what the snapshot names goes in, each content checked by its hash.</summary>
public sealed class WorkspaceFactory(StateFolder state, FileSystem files)
{
    private const int OwnerOnly = 0b111_000_000, FolderMode = 0b111_101_101;

    /// <summary>A workspace that holds the tree. One of the same name that a killed run left is removed first.</summary>
    /// <param name="name">Letters, digits, dots, dashes and underscores: 'CTX-7-check'. Only one run at a time may use a name.</param>
    /// <exception cref="ContentMovedException">The codebase changed since the snapshot.</exception>
    public Workspace Create(TreeSnapshot tree, TreeContent content, string name)
    {
        Check(name);
        using (var parent = files.OpenRoot(state.Workspaces))
        {
            files.RemoveTree(parent, name);
            files.CreateDirectory(parent, name, OwnerOnly);
            using var holder = files.OpenFolder(parent, name);
            files.CreateDirectory(holder, Workspace.ContentName, FolderMode);
        }
        var workspace = new Workspace(files, Path.Combine(state.Workspaces, name));
        try
        {
            workspace.Fill(tree.Entries, content);
            return workspace;
        }
        catch
        {
            workspace.Dispose();
            throw;
        }
    }

    /// <summary>The names of the workspaces on disk, kept ones and those of killed runs.</summary>
    public IReadOnlyList<string> List()
    {
        using var parent = files.OpenRoot(state.Workspaces);
        return files.List(parent);
    }

    /// <summary>Removes workspaces, for instance those of killed runs. The caller holds the lock of the run they belong to.</summary>
    public void Remove(IEnumerable<string> names)
    {
        using var parent = files.OpenRoot(state.Workspaces);
        foreach (var name in names) files.RemoveTree(parent, name);
    }

    private static void Check(string name)
    {
        if (name.Length is 0 or > 100 || name[0] == '.' || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            throw new ArgumentException($"'{name}' can't name a workspace.", nameof(name));
    }
}
