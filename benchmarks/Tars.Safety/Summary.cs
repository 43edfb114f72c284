using System.Globalization;
using System.Text;

namespace Tars.Safety;

/// <summary>The table at the end.</summary>
internal static class Summary
{
    public static string Of(IReadOnlyList<Record> records, IReadOnlyDictionary<TrialGroup, (int Tried, TimeSpan Time)> pace)
    {
        var text = new StringBuilder();
        Line($"{"group",-12} {"kind",-26} {"tried",6} {"landed",7} {"held",6} {"refused",8} {"fault",6}");
        foreach (var group in records.GroupBy(r => r.Group).OrderBy(g => g.Key))
        {
            if (group.Key is not (TrialGroup.Good or TrialGroup.ChildTests))
            {
                foreach (var kind in group.GroupBy(r => r.Kind, StringComparer.Ordinal).OrderBy(k => k.Key, StringComparer.Ordinal)) Row(group.Key.ToString(), kind.Key, [.. kind]);
            }
            Row(group.Key.ToString(), "all", [.. group]);
        }
        var bad = records.Where(r => r.Group != TrialGroup.Good && r.Outcome is "landed" or "held" or "refused").ToList();
        var good = records.Where(r => r.Group == TrialGroup.Good).ToList();
        var landed = bad.Count(r => r.Outcome == "landed");
        Line();
        if (bad.Count > 0) Line($"bad landed   {landed} of {bad.Count}" + (landed == 0 ? string.Create(CultureInfo.InvariantCulture, $": at most {300.0 / bad.Count:0.00}% with 95% confidence (rule of three)") : string.Create(CultureInfo.InvariantCulture, $": {100.0 * landed / bad.Count:0.00}%")));
        if (good.Count > 0)
        {
            Line($"good refused {good.Count(r => r.Outcome == "refused")} of {good.Count}");
            Line($"good held    {good.Count(r => r.Outcome == "held")} of {good.Count}, for: {string.Join(", ", good.Where(r => r.Outcome == "held").SelectMany(r => r.Rules).CountBy(rule => rule).OrderByDescending(c => c.Value).Select(c => $"{c.Key} {c.Value}"))}");
        }
        foreach (var (group, (tried, time)) in pace.OrderBy(p => p.Key)) Line(string.Create(CultureInfo.InvariantCulture, $"pace         {group}: {tried} in {time.TotalSeconds:0} s, {tried / Math.Max(0.001, time.TotalSeconds):0.00} a second"));
        foreach (var mistake in records.Where(r => r.Outcome is "fault" || (r.Outcome == "landed") != (r.Group == TrialGroup.Good) && r.Outcome != "held" && (r.Outcome == "landed" || r.Group == TrialGroup.Good)))
            Line($"look at      {mistake.Id} {mistake.Group} {mistake.Kind} {mistake.Place}: {mistake.Outcome} {mistake.Stage} {string.Join(' ', mistake.Rules)} {mistake.Message?.Split('\n')[0]}");
        return text.ToString();

        void Row(string group, string kind, List<Record> of) =>
            Line($"{group,-12} {kind,-26} {of.Count,6} {Count(of, "landed"),7} {Count(of, "held"),6} {Count(of, "refused"),8} {Count(of, "fault") + Count(of, "no-fault"),6}");
        void Line(string line = "") => text.Append(line).Append('\n');
    }

    private static int Count(List<Record> of, string outcome) => of.Count(r => r.Outcome == outcome);
}
