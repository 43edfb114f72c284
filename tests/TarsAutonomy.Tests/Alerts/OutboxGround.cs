using TarsAutonomy.Alerts;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsAutonomy.Tests.Alerts;

/// <summary>A state of its own with an outbox, and a clock that stands until it is put forward.</summary>
internal sealed class OutboxGround : IDisposable
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly StandingClock clock = new();
    private StateDatabase database;

    public OutboxGround()
    {
        State = StateFolder.Create(Folder.Path, null, new FileSystem());
        database = StateDatabase.Open(State.Database, clock);
    }

    public TempFolder Folder { get; } = new();
    public StateFolder State { get; }
    public StateDatabase Database => database;
    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal) { ["PATH"] = "/usr/local/bin:/usr/bin:/bin" };

    public AlertOutbox Outbox(string yaml) => Outbox(Yaml.Sound(yaml, AlertSettings.Read));

    public AlertOutbox Outbox(AlertSettings settings) => new(database, State, "/code", settings, Variables, clock);

    /// <summary>As the next process finds it.</summary>
    public void Reopen(ISeamObserver? observer = null)
    {
        database.Dispose();
        database = StateDatabase.Open(State.Database, clock, observer);
    }

    public void Later(TimeSpan by) => clock.Now += by;

    public void Dispose()
    {
        database.Dispose();
        Folder.Dispose();
    }

    private sealed class StandingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2025, 1, 1, 2, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
