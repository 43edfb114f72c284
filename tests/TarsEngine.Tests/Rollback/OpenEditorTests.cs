using TarsEngine.Rollback;

namespace TarsEngine.Tests.Rollback;

/// <summary>Programs that hold a file open while a commit goes through, and write to it later.</summary>
public sealed class OpenEditorTests : IDisposable
{
    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public void What_is_written_to_a_new_file_that_was_taken_back_is_kept_and_named()
    {
        Directory.CreateDirectory(temp.File("code"));
        foreach (var name in (string[])["a.txt", "b.txt"]) File.WriteAllText(temp.File("code/" + name), "as it was");
        FileStream? editor = null;
        using var world = new CommitWorld(temp.Path, new Killer(-1, onlyMutating: true, call =>
        {
            if (editor is not null || call.Operation != "rename-exchange" || !call.Target.EndsWith("/b.txt", StringComparison.Ordinal)) return;
            // The new a.txt stands already; b.txt is saved in this instant, and so all is taken back.
            editor = new(temp.File("code/a.txt"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            File.WriteAllText(temp.File("code/b.txt"), "the user's");
        }));
        Assert.IsType<CommitOutcome.Conflicted>(world.Commit(world.Change(("a.txt", "new"), ("b.txt", "new"))));
        using (editor) editor!.Write("written later"u8);
        Assert.Equal("as it was", File.ReadAllText(world.At("a.txt")));
        var kept = Assert.Single(world.Transactions.CollectStage(TimeSpan.Zero).Kept);
        Assert.Equal("a.txt", kept.Path.Value);
        Assert.Equal("written later", File.ReadAllText(kept.KeptAt));
    }
}
