using TarsEngine.Files;
using TarsEngine.Git;

namespace TarsEngine.Tests.Git;

public sealed class ScratchRepositoryTests : IDisposable
{
    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public void A_disk_that_fails_while_one_is_made_leaves_none_in_use()
    {
        var failed = 0;
        for (var call = 0; ; call++, failed++)
        {
            var disk = new DiskThatFails(call);
            try
            {
                ScratchRepository.Create(new(disk), temp.Path, "").Dispose();
            }
            catch (FileSystemException)
            {
                Assert.True(disk.HasFailed);
            }
            if (!disk.HasFailed) break;
            ScratchRepository.Sweep(new(), temp.Path);
            Assert.Empty(Directory.EnumerateFileSystemEntries(temp.Path));
        }
        Assert.InRange(failed, 10, 100);
    }

    /// <summary>From the n-th call that changes it on.</summary>
    private sealed class DiskThatFails(int from) : ISeamObserver
    {
        private int calls;

        public bool HasFailed => calls > from;

        public void Before(SeamCall call)
        {
            if (call.Mutates && calls++ >= from) throw new FileSystemException(call.Operation, call.Target, Errno.InputOutput);
        }

        public void After(SeamCall call)
        {
        }
    }
}
