using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Audit;

/// <summary>How far the trail had come: so many entries, the last with this hash.</summary>
internal sealed record AuditHead(long Count, string Hash);

/// <summary>What was found where a key or a head should be.</summary>
internal enum VaultItem
{
    Missing,
    Damaged,
    Present,
}

/// <summary>
/// What of the trail lies outside the codebase, in the user's own state folder: the key, and the head by which a cut or rewritten
/// trail is noticed. Nobody but its owner may look inside.
/// </summary>
/// <param name="codebase">Its id, which lies in its state.</param>
/// <param name="place">Where its state lies: a trail whose whole state was removed is noticed by that.</param>
internal sealed class AuditVault(FileSystem files, string userStateFolder, string codebase, string place)
{
    private const int OwnerFolder = 0b111_000_000, OwnerFile = 0b110_000_000;
    private const string KeyName = "key", HeadName = "head", PlaceName = "place", HeadTitle = "tars-audit-head-v1";
    private const int LongestText = 4096 + 128;
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(30);
    private AuditKey? known;

    public string Folder => Path.Combine(userStateFolder, "audit", codebase);

    public string HeadFile => Path.Combine(Folder, HeadName);

    /// <summary>The key, if it is there.</summary>
    public (VaultItem Found, AuditKey? Key) FindKey()
    {
        if (known is not null) return (VaultItem.Present, known);
        var text = ReadText(KeyName);
        if (text is null) return (VaultItem.Missing, null);
        if (text.Length != AuditKey.Size * 2 + 1 || text[^1] != '\n' || !text.AsSpan()[..^1].ToString().All(char.IsAsciiHexDigitLower)) return (VaultItem.Damaged, null);
        known = new(Convert.FromHexString(text.AsSpan()[..^1]));
        return (VaultItem.Present, known);
    }

    /// <summary>The key, made when there is none.</summary>
    /// <exception cref="StateException">It is there and can't be used.</exception>
    public AuditKey GetOrMakeKey()
    {
        if (FindKey() is (VaultItem.Present, { } key)) return key;
        MakeFolder();
        using var alone = Lock();
        switch (FindKey())
        {
            case (VaultItem.Present, { } other): return other;
            case (VaultItem.Damaged, _):
                throw new StateException(StateProblem.Corrupt,
                    $"The key of the audit trail, '{Path.Combine(Folder, KeyName)}', is damaged. Restore it from a backup, or remove it: "
                    + "then a new one is made, and the trail says so.");
        }
        var secret = RandomNumberGenerator.GetBytes(AuditKey.Size);
        Replace(PlaceName, place);
        // The head first: a key without a head means that the head was lost.
        Replace(HeadName, Write(new(0, ""), new(secret)));
        Replace(KeyName, Convert.ToHexStringLower(secret) + "\n");
        using (var folder = files.OpenRoot(Folder)) files.Fsync(folder);
        return FindKey().Key!;
    }

    /// <summary>The head, if it is there and signed by the key.</summary>
    public (VaultItem Found, AuditHead? Head) FindHead(AuditKey key)
    {
        if (ReadText(HeadName) is not { } text) return (VaultItem.Missing, null);
        if (text.Split('\n') is [HeadTitle, var count, var hash, var signature, ""]
            && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && new AuditHead(number, hash) is var head
            && text == Write(head, key))
        {
            return (VaultItem.Present, head);
        }
        return (VaultItem.Damaged, null);
    }

    /// <summary>Trails that were kept at the same place and are no longer there: where they are known, and how far they had come.</summary>
    public IEnumerable<(string PlaceFile, long Count)> FindLost()
    {
        var all = Path.Combine(userStateFolder, "audit");
        if (!Directory.Exists(all)) yield break;
        foreach (var other in Directory.EnumerateDirectories(all).Select(folder => Path.GetFileName(folder)).Where(other => other != codebase).Order(StringComparer.Ordinal))
        {
            var vault = new AuditVault(files, userStateFolder, other, place);
            if (vault.ReadText(PlaceName) == Encoding.Latin1.GetString(ByteText.Encode(place)) && vault.FindKey().Key is { } key && vault.FindHead(key).Head is { Count: > 0 } head)
                yield return (Path.Combine(vault.Folder, PlaceName), head.Count);
        }
    }

    /// <summary>Moves the head on, never back.</summary>
    public void MoveHead(AuditKey key, AuditHead next)
    {
        using var alone = Lock();
        if (FindHead(key) is (VaultItem.Present, { } now) && now.Count >= next.Count) return;
        Replace(HeadName, Write(next, key));
    }

    private static string Write(AuditHead head, AuditKey key)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{HeadTitle}\n{head.Count}\n{head.Hash}\n");
        return text + Convert.ToHexStringLower(key.Sign(Encoding.UTF8.GetBytes(text))) + "\n";
    }

    private FileLock Lock() => FileLock.Take(Path.Combine(Folder, "lock"), "another command", LockWait);

    private void MakeFolder()
    {
        Directory.CreateDirectory(userStateFolder);
        var parent = userStateFolder;
        foreach (var name in (string[])["audit", codebase])
        {
            using var folder = files.OpenRoot(parent);
            parent = Path.Combine(parent, name);
            if (files.Stat(folder, name) is null)
            {
                try
                {
                    files.CreateDirectory(folder, name, OwnerFolder);
                }
                catch (FileSystemException error) when (error.Error == Errno.Exists)
                {
                    // Another process made it meanwhile.
                }
            }
            // Also one that is there: who made it may have died before this.
            files.Fsync(folder);
        }
    }

    // Under the lock: one temporary name is enough, and what a crash left of it is overwritten.
    private void Replace(string name, string text)
    {
        using var folder = files.OpenRoot(Folder);
        var temporary = name + ".new";
        using (var file = files.OpenOrCreateFile(folder, temporary, OwnerFile))
        {
            files.Truncate(file);
            files.Write(file, ByteText.Encode(text));
            files.Fsync(file);
        }
        files.RenameReplace(folder, temporary, folder, name);
    }

    private string? ReadText(string name)
    {
        try
        {
            using var folder = files.OpenRoot(Folder);
            using var file = files.OpenFile(folder, name);
            var bytes = new byte[LongestText];
            return Encoding.Latin1.GetString(bytes, 0, files.Read(file, bytes));
        }
        catch (FileSystemException error) when (error.Error is Errno.NotFound or Errno.NotDirectory)
        {
            return null;
        }
    }
}
