namespace TarsEngine.Worlds;

/// <summary>What has to be watched from outside runs in a process of its own: this one.</summary>
internal static class WatchedProcess
{
    private static int Main(string[] arguments)
    {
        if (arguments is not [SeamCheck.Command, var name, var place, var folder, var log, var around]) return 2;
        SeamCheck.Act(name, place, folder, log, around);
        return 0;
    }
}
