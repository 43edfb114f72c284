using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsEngine.Worlds.Racing;

/// <summary>What a racer was told, a line each in a file of its own: what a killed one wrote is there.</summary>
internal sealed class RaceLog(string folder, int number)
{
    private const char Separator = '\t';
    private const string Begun = "begun", Done = "done", Not = "refused", Open = "unknown", InTheWay = "conflict";

    private string Place => PlaceOf(folder, number);

    public void Begin(ContextId context) => Write(Begun, context.ToString());

    public void Landed(ContextId context, IEnumerable<TransactionId> transactions) => Write([Done, context.ToString(), .. transactions.Select(id => id.ToString())]);

    public void Refused(ContextId context) => Write(Not, context.ToString());

    /// <summary>It was told that the next command settles it.</summary>
    public void Unknown(ContextId context) => Write(Open, context.ToString());

    public void Conflicts(IEnumerable<FileConflict> conflicts)
    {
        foreach (var conflict in conflicts) Write(InTheWay, conflict.Path.ToString());
    }

    /// <summary>What all of them were told.</summary>
    public static RaceWords Read(string folder)
    {
        var words = new RaceWords([], [], [], []);
        foreach (var line in Directory.EnumerateFiles(folder, Path.GetFileName(PlaceOf(folder, 0))[..^1] + "*").SelectMany(File.ReadLines))
        {
            var parts = line.Split(Separator);
            switch (parts[0])
            {
                case Begun: words.Open.Add(ContextId.Parse(parts[1])); break;
                case Done:
                    foreach (var id in parts[2..]) words.Done[TransactionId.Parse(id)] = ContextId.Parse(parts[1]);
                    words.Open.Remove(ContextId.Parse(parts[1]));
                    break;
                case Not:
                    words.Refused.Add(ContextId.Parse(parts[1]));
                    words.Open.Remove(ContextId.Parse(parts[1]));
                    break;
                case InTheWay: words.Conflicts.Add(parts[1]); break;
            }
        }
        return words;
    }

    private static string PlaceOf(string folder, int number) => Path.Combine(folder, $"told-{number}");

    private void Write(params string[] words) => File.AppendAllText(Place, string.Join(Separator, words) + "\n");
}

/// <summary>What racers were told, taken together.</summary>
/// <param name="Done">Transactions that were said to be in the codebase, and the operation that they are of.</param>
/// <param name="Refused">Operations that were said to have changed nothing.</param>
/// <param name="Open">Operations whose end nobody was told.</param>
/// <param name="Conflicts">Paths that were named.</param>
internal sealed record RaceWords(Dictionary<TransactionId, ContextId> Done, HashSet<ContextId> Refused, HashSet<ContextId> Open, HashSet<string> Conflicts);
