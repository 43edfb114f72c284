using TarsEngine.Files;

namespace TarsEngine.Tests.Storage;

/// <summary>Fails one operation by name: every call from then on, or only once.</summary>
internal sealed class Faults(string operation, bool after, Func<Exception> make, bool once = false) : ISeamObserver
{
    private bool struck;

    public void Before(SeamCall call) => Check(call, false);

    public void After(SeamCall call) => Check(call, true);

    private void Check(SeamCall call, bool isAfter)
    {
        if (struck && !once) throw make();
        if (struck || isAfter != after || call.Operation != operation) return;
        struck = true;
        throw make();
    }
}

/// <summary>Kills at the n-th passage, before and after each call counted alike.</summary>
internal sealed class KillAt(int at) : ISeamObserver
{
    private int passed;

    public void Before(SeamCall call) => Pass();

    public void After(SeamCall call) => Pass();

    private void Pass()
    {
        if (passed++ >= at) throw new KilledException();
    }
}
