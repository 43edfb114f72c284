namespace TarsEngine.Tests.Rollback;

/// <summary>Real file systems that lose their power in the middle. Only root can mount one.</summary>
public sealed class PowerLossTests : IDisposable
{
    private readonly TempFolder temp = new(inMemory: true);

    public void Dispose() => temp.Dispose();

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void A_power_cut_leaves_all_or_nothing(string type)
    {
        if (!Environment.IsPrivilegedProcess) return;
        var tried = 0;
        LoopDisk.Use(type, temp.Path, disk =>
        {
            foreach (var name in (string[])["mixed", "rollback all"])
            {
                var power = new PowerCut(disk, name);
                foreach (var (way, flag) in PowerCut.Ways)
                {
                    // Every few points, and at each second one again in the recovery.
                    for (var (point, died) = ((int)flag, true); died; point += 23, tried++)
                    {
                        (died, var where, var problem) = power.Cut(point, point % 2 == 0 ? point % 31 : -1, flag);
                        Assert.Null(problem is null ? null : $"{name}, {way}, point {point} ({where}): {problem}");
                    }
                }
            }
        });
        TestContext.Current.TestOutputHelper!.WriteLine($"{type}: {tried} power cuts, none bad");
        Assert.True(tried > 20);
    }

    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public void A_disk_without_power_forgets_what_was_not_synced(string type)
    {
        if (!Environment.IsPrivilegedProcess) return;
        LoopDisk.Use(type, temp.Path, disk =>
        {
            disk.Format();
            disk.Mount();
            var (synced, other) = (Path.Combine(disk.Place, "synced"), Path.Combine(disk.Place, "other"));
            using (var file = File.Create(synced))
            {
                file.Write("kept"u8);
                file.Flush(flushToDisk: true);
            }
            File.WriteAllText(other, "forgotten");
            disk.CutPower(2);
            disk.Unmount();
            disk.Mount();
            Assert.Equal("kept", File.ReadAllText(synced));
            Assert.False(File.Exists(other) && File.ReadAllText(other) == "forgotten");
            disk.Unmount();
        });
    }
}
