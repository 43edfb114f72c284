using TarsEngine.Files;

namespace TarsEngine.Worlds;

/// <summary>The process is dead.</summary>
public sealed class KilledException : Exception;

/// <summary>
/// Kills at a point: from then on every call through both seams throws, so that no handler can repair anything.
/// Point 2n is before the n-th call that counts, point 2n+1 after it.
/// </summary>
/// <param name="point">Which point; negative only counts.</param>
/// <param name="onlyMutating">
/// A kill around a call that only reads leaves the same disk as one after the last call that writes: those are tried under TARS_STRESS only.
/// </param>
/// <param name="hook">Runs before each call: another program that acts in between.</param>
/// <param name="atDeath">What takes the machine down with the process.</param>
internal sealed class Killer(int point, bool onlyMutating, Action<SeamCall>? hook = null, Action? atDeath = null) : ISeamObserver
{
    private readonly Lock gate = new();
    private bool dead;
    private bool inHook;

    public static bool Everything { get; } = Environment.GetEnvironmentVariable("TARS_STRESS") is { Length: > 0 };

    public bool IsDead => dead;

    public int Calls { get; private set; }

    public string Where { get; private set; } = "nowhere";

    /// <summary>Acts in a world until it is killed.</summary>
    /// <returns>False when it came to its end.</returns>
    public static bool Die(string folder, Killer killer, Action<CommitWorld> act)
    {
        try
        {
            using var world = new CommitWorld(folder, killer);
            act(world);
        }
        catch (Exception) when (killer.dead)
        {
            // What a dead process still says, nobody hears.
        }
        return killer.dead;
    }

    public void Before(SeamCall call)
    {
        lock (gate)
        {
            if (dead) throw new KilledException();
            if (inHook) return;
            inHook = true;
            hook?.Invoke(call);
            inHook = false;
            if (Counts(call) && Calls * 2 == point) Die("before", call);
        }
    }

    public void After(SeamCall call)
    {
        lock (gate)
        {
            if (dead) throw new KilledException();
            if (inHook || !Counts(call)) return;
            if (Calls * 2 + 1 == point) Die("after", call);
            Calls++;
        }
    }

    private bool Counts(SeamCall call) => call.Mutates || !onlyMutating;

    private void Die(string when, SeamCall call)
    {
        dead = true;
        Where = $"{when} {call.Operation} {call.Target}";
        atDeath?.Invoke();
        throw new KilledException();
    }
}
