using System.Globalization;
using System.Text;
using TarsEngine.Files;
using TarsEngine.Improvements;

namespace Tars.Benchmarks.Measuring;

/// <summary>An improvement that makes one file, each time another.</summary>
internal static class SmallImprovement
{
    private static int counter;

    public static ImprovementProposal Make()
    {
        var number = Interlocked.Increment(ref counter).ToString(CultureInfo.InvariantCulture);
        var bytes = Encoding.UTF8.GetBytes(number);
        var hash = ContentHash.Of(bytes);
        var step = new StepDefinition("edit", new EditAction([new CreateEdit(RepositoryPath.Parse($"new/{number}.txt"), hash, bytes.Length)]), [], null, StepDefinition.DefaultTransaction, []);
        return new($"Make file {number}", "", ImprovementProposal.DefaultCategory, ImprovementPriority.Medium, "bench", [step], null, new Dictionary<ContentHash, byte[]> { [hash] = bytes });
    }
}
