using System.Globalization;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Audit;

/// <summary>
/// Who did what, append-only. Every entry carries a hash over itself and the one before, and a signature with a key that lies in
/// the user's state folder. The head (how far the trail had come) lies there too: it is moved on right after each commit, so a trail
/// that is ahead of its head was cut short by an honest crash at most, and one that is behind it was cut or replaced.
/// </summary>
public sealed class AuditTrailService
{
    private readonly StateDatabase database;
    private readonly AuditVault vault;

    /// <param name="userStateFolder">The user's own state folder, outside every codebase.</param>
    public AuditTrailService(StateDatabase database, FileSystem files, string userStateFolder)
    {
        this.database = database;
        vault = new(files, userStateFolder, database.CodebaseId, database.Path);
    }

    /// <summary>Where this codebase's key and head lie.</summary>
    public string Folder => vault.Folder;

    /// <summary>Why the head could not be moved on last time; null when it could. The entries themselves are safe.</summary>
    public string? HeadProblem { get; private set; }

    /// <summary>Adds an entry in the caller's transaction: it holds exactly when that does.</summary>
    /// <exception cref="StateException">There is no usable key: nothing is done unrecorded.</exception>
    public void Append(StateConnection tx, AuditEntry entry)
    {
        var (key, found, head) = OpenVault();
        var last = Last(tx);
        if (last is not null && last.KeyId != key.Id && tx.QueryNumber("SELECT 1 FROM audit WHERE key = $key LIMIT 1", ("$key", key.Id)) is null)
            last = Insert(tx, last, new("audit-key-added", entry.Actor, "audit", ("key", key.Id)), key);
        if (found == VaultItem.Missing && last is not null)
        {
            // Said in the trail itself: from here on a cut before this place can't be told.
            last = Insert(tx, last, new("audit-head-missing", entry.Actor, "audit", ("entries", last.Sequence.ToString(CultureInfo.InvariantCulture))), key);
        }
        var row = Insert(tx, last, entry, key);
        // A head that contradicts the trail stays as it is: it is the proof.
        if (found == VaultItem.Damaged || (head is not null && !Agrees(tx, head)))
            return;
        tx.AfterCommitOnce(this, () => MoveHead(key, new(row.Sequence, Convert.ToHexStringLower(row.Hash))));
    }

    /// <summary>Entries in their order.</summary>
    /// <param name="subject">Only those about it.</param>
    /// <param name="last">Only so many of the newest.</param>
    public IReadOnlyList<AuditRecord> List(string? subject = null, int? last = null) => database.Read("list the audit trail", tx =>
    {
        var rows = tx.Query($"""
            SELECT {AuditRow.Columns} FROM audit WHERE $subject IS NULL OR subject = $subject ORDER BY sequence DESC LIMIT $last
            """, AuditRow.Read, ("$subject", subject), ("$last", last ?? -1));
        return (IReadOnlyList<AuditRecord>)[.. rows.Reverse().Select(r => r.ToRecord())];
    });

    /// <summary>Every entry as one line of JSON, oldest first.</summary>
    public IEnumerable<string> ExportLines() => Pages().SelectMany(page => page).Select(row => row.ToLine());

    /// <summary>Checks every entry, the chain, the signatures and the head.</summary>
    public AuditVerification Verify() => new AuditVerifier(vault, database.CodebaseId).Verify(Pages());

    internal static AuditRow? Last(StateConnection tx) =>
        tx.QueryOne($"SELECT {AuditRow.Columns} FROM audit ORDER BY sequence DESC LIMIT 1", AuditRow.Read);

    private (AuditKey Key, VaultItem Found, AuditHead? Head) OpenVault()
    {
        try
        {
            var key = vault.GetOrMakeKey();
            var (found, head) = vault.FindHead(key);
            return (key, found, head);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StateException(StateProblem.Disk,
                $"The audit trail's folder '{vault.Folder}' can't be used, and nothing is done unrecorded: {error.Message}", error);
        }
    }

    private AuditRow Insert(StateConnection tx, AuditRow? last, AuditEntry entry, AuditKey key)
    {
        var row = AuditRow.After(last, database.CodebaseId, tx.Now, entry, key);
        tx.Execute($"INSERT INTO audit({AuditRow.Columns}) VALUES($sequence, $time, $action, $actor, $subject, $details, $key, $hash, $signature)",
            ("$sequence", row.Sequence), ("$time", row.Time), ("$action", row.Action), ("$actor", row.Actor), ("$subject", row.Subject),
            ("$details", row.Details), ("$key", row.KeyId), ("$hash", row.Hash), ("$signature", row.Signature));
        return row;
    }

    private static bool Agrees(StateConnection tx, AuditHead head) =>
        head.Count == 0 || tx.Query("SELECT hash FROM audit WHERE sequence = $sequence", r => Convert.ToHexStringLower(r.Bytes(0)),
            ("$sequence", head.Count)) is [var hash] && hash == head.Hash;

    private void MoveHead(AuditKey key, AuditHead next)
    {
        try
        {
            vault.MoveHead(key, next);
            HeadProblem = null;
        }
        catch (Exception error) when (error is IOException or StateException)
        {
            // The entry is committed; only a later cut could go unnoticed until the head moves again.
            HeadProblem = $"The audit trail's head '{vault.HeadFile}' could not be moved on: {error.Message}";
        }
    }

    private IEnumerable<IReadOnlyList<AuditRow>> Pages()
    {
        const int size = 1000;
        // By the key column as stored, not by a counter: a row with a foreign number must not hide.
        var after = long.MinValue;
        while (true)
        {
            var from = after;
            var page = database.Read("read the audit trail", tx => tx.Query(
                $"SELECT {AuditRow.Columns} FROM audit WHERE sequence > $from ORDER BY sequence LIMIT {size}", AuditRow.Read, ("$from", from)));
            if (page.Count > 0) yield return page;
            if (page.Count < size) yield break;
            after = page[^1].Sequence;
        }
    }
}
