using TarsEngine.Files;
using TarsEngine.Worlds;

namespace Tars.Stress.Meddling;

/// <summary>A person saves the last file of the deed at the very moment that it is moved, and while all is taken back for that, the process dies.</summary>
internal sealed class DyingSaver(Deed deed, string folder, int point) : Saver(deed, folder, point)
{
    private int since;
    private bool isDead;

    public override bool CameTooLate => !isDead;

    protected override bool IsTurn(SeamCall call, int number) => Moves(call);

    protected override RepositoryPath? Choose(IReadOnlyList<RepositoryPath> changed) => changed.Count == 0 ? null : changed[^1];

    protected override void Watch(SeamCall call)
    {
        isDead |= since++ == Point;
        if (isDead) throw new KilledException();
    }
}
