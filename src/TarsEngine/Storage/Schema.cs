namespace TarsEngine.Storage;

/// <summary>One step from a version of the state database to the next.</summary>
/// <param name="Version">The version that it leads to; the first is 1, none is left out.</param>
internal sealed record Migration(int Version, IReadOnlyList<string> Statements);

/// <summary>Every table of the state database, by the component that owns it. Times are UTC text, hashes hex text, paths bytes.</summary>
internal static class Schema
{
    private const string Meta = """
        CREATE TABLE meta(
          key TEXT PRIMARY KEY, value TEXT NOT NULL, checksum BLOB NOT NULL);
        """;

    private const string Audit = """
        CREATE TABLE audit(
          sequence INTEGER PRIMARY KEY, time TEXT NOT NULL, action TEXT NOT NULL, actor TEXT NOT NULL, subject TEXT NOT NULL,
          details TEXT NOT NULL, key TEXT NOT NULL, hash BLOB NOT NULL, signature BLOB NOT NULL);
        """;

    private const string Contexts = """
        CREATE TABLE contexts(
          id INTEGER PRIMARY KEY AUTOINCREMENT, improvement INTEGER NOT NULL, state TEXT NOT NULL, options TEXT NOT NULL,
          base_tree TEXT, result_tree TEXT, verdict TEXT, error TEXT, created TEXT NOT NULL, updated TEXT NOT NULL,
          steps_done INTEGER NOT NULL, steps_total INTEGER NOT NULL, checksum BLOB NOT NULL);
        CREATE TABLE context_changes(
          context INTEGER PRIMARY KEY REFERENCES contexts(id), parts TEXT NOT NULL, checksum BLOB NOT NULL);
        CREATE TABLE steps(
          context INTEGER NOT NULL REFERENCES contexts(id), ordinal INTEGER NOT NULL, wave INTEGER NOT NULL, step TEXT NOT NULL,
          definition TEXT NOT NULL, rollback TEXT, state TEXT NOT NULL, error TEXT, started TEXT, finished TEXT, checksum BLOB NOT NULL,
          PRIMARY KEY(context, ordinal), UNIQUE(context, step)) WITHOUT ROWID;
        CREATE TABLE events(
          context INTEGER NOT NULL REFERENCES contexts(id), sequence INTEGER NOT NULL, time TEXT NOT NULL,
          body TEXT NOT NULL, PRIMARY KEY(context, sequence)) WITHOUT ROWID;
        CREATE TABLE reviews(
          id INTEGER PRIMARY KEY AUTOINCREMENT, context INTEGER NOT NULL REFERENCES contexts(id), time TEXT NOT NULL,
          reviewer TEXT NOT NULL, decision TEXT NOT NULL, comment TEXT, tree TEXT, checksum BLOB NOT NULL);
        CREATE TABLE controls(
          context INTEGER PRIMARY KEY REFERENCES contexts(id), request TEXT NOT NULL, actor TEXT NOT NULL, time TEXT NOT NULL);
        """;

    // Rollback: the journal of commits. What a commit may touch is written once; only its state moves on.
    private const string Commits = """
        CREATE TABLE commits(
          id INTEGER PRIMARY KEY AUTOINCREMENT, context INTEGER NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, stage TEXT NOT NULL UNIQUE,
          actor TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL, checksum BLOB NOT NULL);
        CREATE INDEX commits_by_state ON commits(state);
        CREATE TABLE manifests(commit_id INTEGER PRIMARY KEY REFERENCES commits(id), body TEXT NOT NULL, checksum BLOB NOT NULL);
        CREATE TABLE transactions(
          id INTEGER PRIMARY KEY AUTOINCREMENT, commit_id INTEGER NOT NULL REFERENCES commits(id), name TEXT NOT NULL, changes TEXT NOT NULL,
          undoes TEXT NOT NULL, backup INTEGER NOT NULL, checksum BLOB NOT NULL);
        CREATE INDEX transactions_by_commit ON transactions(commit_id);
        """;

    private const string Improvements = """
        CREATE TABLE improvements(
          id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, description TEXT NOT NULL, category TEXT NOT NULL,
          priority TEXT NOT NULL, source TEXT NOT NULL, state TEXT NOT NULL, steps TEXT NOT NULL, base_commit TEXT,
          fingerprint TEXT NOT NULL, added TEXT NOT NULL, checksum BLOB NOT NULL);
        CREATE INDEX improvements_by_fingerprint ON improvements(fingerprint);
        """;

    private const string Baselines = """
        CREATE TABLE baselines(
          tree TEXT NOT NULL, checks TEXT NOT NULL, time TEXT NOT NULL, record BLOB NOT NULL, checksum BLOB NOT NULL,
          PRIMARY KEY(tree, checks));
        """;

    // Landings on branches: one row a context. The commit point is the ref's move; the row tells what it was to be.
    private const string Branches = """
        CREATE TABLE branch_landings(
          context INTEGER PRIMARY KEY REFERENCES contexts(id), branch TEXT NOT NULL, before TEXT, after TEXT NOT NULL, state TEXT NOT NULL,
          undo TEXT, actor TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL, checksum BLOB NOT NULL);
        """;

    // Of the autonomous sessions.
    private const string Nights = """
        CREATE TABLE nights(
          id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, body TEXT NOT NULL, checksum BLOB NOT NULL);
        CREATE TABLE night_tasks(
          night INTEGER NOT NULL REFERENCES nights(id), ordinal INTEGER NOT NULL, task TEXT NOT NULL, body TEXT NOT NULL, checksum BLOB NOT NULL,
          PRIMARY KEY(night, ordinal)) WITHOUT ROWID;
        CREATE TABLE lessons(
          kind TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, checksum BLOB NOT NULL, PRIMARY KEY(kind, subject)) WITHOUT ROWID;
        CREATE TABLE outbox(
          id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, body TEXT NOT NULL, created TEXT NOT NULL, attempts INTEGER NOT NULL,
          due TEXT, error TEXT, checksum BLOB NOT NULL);
        """;

    /// <summary>From nothing to today. A released entry never changes; what is new comes as a new entry.</summary>
    public static IReadOnlyList<Migration> Migrations { get; } =
    [
        new(1, [Meta, Audit, Contexts, Commits, Improvements, Baselines]),
        new(2, [Branches, Nights]),
    ];
}
