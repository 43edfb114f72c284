using System.Globalization;
using System.Text.RegularExpressions;

namespace TarsEngine.Improvements;

/// <summary>The names of a unified diff without git's header, where they can mean one file only.</summary>
internal static partial class PlainNames
{
    /// <summary>The name inside the codebase, or a refusal when it could be read in two ways.</summary>
    public static byte[] Common(byte[] minus, byte[] plus, int line)
    {
        if (minus.AsSpan().SequenceEqual(PatchNames.NullDevice) && plus.AsSpan().SequenceEqual(PatchNames.NullDevice))
            throw new PatchFormatException(line, "both '---' and '+++' say /dev/null.");
        if (minus.AsSpan().SequenceEqual(PatchNames.NullDevice)) return PatchNames.Strip(plus, line);
        if (plus.AsSpan().SequenceEqual(PatchNames.NullDevice)) return PatchNames.Strip(minus, line);
        if (minus.AsSpan().SequenceEqual(plus)) return PatchNames.HasPrefix(minus) ? throw Ambiguous(minus, plus, line) : minus;
        int a = minus.AsSpan().IndexOf((byte)'/'), b = plus.AsSpan().IndexOf((byte)'/');
        return a > 0 && b > 0 && minus.AsSpan(a).SequenceEqual(plus.AsSpan(b)) ? minus[(a + 1)..] : throw Ambiguous(minus, plus, line);
    }

    /// <summary>Date of a file that isn't there, as 'diff -N' writes it, in any time zone.</summary>
    public static bool IsEpoch(string date) =>
        EpochPattern().Match(date) is { Success: true } match
        && DateTimeOffset.TryParseExact(match.Groups["time"].Value + " " + match.Groups["hours"].Value + ":" + match.Groups["minutes"].Value,
            "yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
        && time == DateTimeOffset.UnixEpoch;

    private static PatchFormatException Ambiguous(byte[] minus, byte[] plus, int line) =>
        new(line, $"'{PatchNames.Show(minus)}' and '{PatchNames.Show(plus)}' could mean more than one file; make the patch with 'git diff --binary', or write the names as a/<path> and b/<path>.");

    [GeneratedRegex(@"^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(\.0+)? (?<hours>[+-]\d\d)(?<minutes>\d\d)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex EpochPattern();
}
