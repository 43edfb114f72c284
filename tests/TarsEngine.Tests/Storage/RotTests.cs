using System.Text;
using TarsEngine.Audit;
using TarsEngine.Files;
using TarsEngine.Storage;
using TarsEngine.Worlds.Rotting;

namespace TarsEngine.Tests.Storage;

/// <summary>Flipped bits and cut files are said, or change no answer; 'rot' of the stress program tries many more.</summary>
public sealed class RotTests : IDisposable
{
    private const int SmallStep = 23, LargeSamples = 60;
    private const long Stride = 1_000_003;
    private readonly TempFolder temp = new(inMemory: true);

    public void Dispose() => temp.Dispose();

    [Fact]
    public void Rot_of_what_lies_outside_of_the_codebase_is_said_or_harmless()
    {
        var world = new RotWorld(temp.Path);
        var tally = new List<RotVerdict>();
        foreach (var file in world.Small)
        {
            for (var bit = 0L; bit < world.SizeOf(file) * 8; bit += SmallStep) tally.Add(Sound(world.Flip(file, bit, "try"), file, "bit", bit));
            for (var length = 0L; length < world.SizeOf(file); length += SmallStep) tally.Add(Sound(world.Cut(file, length, "try"), file, "cut at", length));
        }
        Assert.Contains(tally, one => one.Kind == RotKind.Audited && one.Words.Contains("head", StringComparison.Ordinal));
        Assert.Contains(tally, one => one.Kind == RotKind.Refused && one.Words.Contains("key", StringComparison.Ordinal));
    }

    [Fact]
    public void Rot_of_the_state_database_is_said_or_harmless()
    {
        var world = new RotWorld(temp.Path);
        var tally = new List<RotVerdict>();
        foreach (var file in world.Large)
        {
            var size = world.SizeOf(file);
            for (var i = 1L; i <= LargeSamples; i++)
            {
                tally.Add(Sound(world.Flip(file, i * Stride % (size * 8), "try"), file, "bit", i * Stride % (size * 8)));
                if (i % 4 == 0) tally.Add(Sound(world.Cut(file, i * Stride % size, "try"), file, "cut at", i * Stride % size));
            }
        }
        Assert.Contains(tally, one => one.Kind == RotKind.Refused);
        Assert.Contains(tally, one => one.Kind == RotKind.Harmless);
    }

    [Fact]
    public void Every_flipped_bit_and_every_cut_of_an_exported_trail_is_found_by_who_has_the_key_and_the_head()
    {
        var user = temp.File("user");
        using var database = StateDatabase.Open(temp.File("state.db"), TimeProvider.System);
        var audit = new AuditTrailService(database, new FileSystem(), user);
        for (var i = 0; i < 4; i++) database.Write("append", tx => audit.Append(tx, new("validated", "tester", $"CTX-{i}", ("comment", "ünï \"code\""))));
        var vault = new AuditVault(new FileSystem(), user, database.CodebaseId, database.Path);
        var key = vault.GetOrMakeKey();
        var head = vault.FindHead(key).Head!;
        var export = Encoding.UTF8.GetBytes(string.Concat(audit.ExportLines().Select(line => line + "\n")));
        Assert.Null(ExportCheck.Problem(export, database.CodebaseId, key, head));
        var lines = audit.ExportLines().ToList();
        for (var bit = 0; bit < export.Length * 8; bit++)
        {
            var rotten = (byte[])export.Clone();
            rotten[bit / 8] ^= (byte)(1 << (bit % 8));
            // A hexadecimal digit may become a capital letter, which is the same digit.
            if (ExportCheck.Problem(rotten, database.CodebaseId, key, head) is null) Assert.Equal(lines, Encoding.UTF8.GetString(rotten).TrimEnd('\n').Split('\n'), StringComparer.OrdinalIgnoreCase);
        }
        for (var length = 0; length < export.Length; length++) Assert.NotNull(ExportCheck.Problem(export[..length], database.CodebaseId, key, head));
    }

    private static RotVerdict Sound(RotVerdict verdict, string file, string what, long at)
    {
        Assert.False(verdict.Kind == RotKind.Bad, $"{file}, {what} {at}: {verdict.Words}");
        return verdict;
    }
}
