using System.Reflection;

namespace Tars.Benchmarks.Measuring;

/// <summary>Every case of this assembly; nobody has to enter one in a list.</summary>
internal static class CaseList
{
    public static IReadOnlyList<BenchmarkCase> All { get; } =
    [
        .. typeof(CaseList).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(BenchmarkCase)) && !type.IsAbstract)
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .SelectMany(Make)
            // Sizes stay in their own order.
            .OrderBy(one => one.Name.Split('/')[0], StringComparer.Ordinal),
    ];

    /// <param name="unknown">The first name that no case's name begins with.</param>
    public static IReadOnlyList<BenchmarkCase> Choose(IReadOnlyList<string> names, out string? unknown)
    {
        unknown = names.FirstOrDefault(name => !All.Any(one => IsMeant(one, name)));
        return names.Count == 0 ? All : [.. All.Where(one => names.Any(name => IsMeant(one, name)))];
    }

    private static IEnumerable<BenchmarkCase> Make(Type type) => type.GetCustomAttribute<SizesAttribute>() is { } sized
        ? sized.Sizes.Select(size => (BenchmarkCase)Activator.CreateInstance(type, size)!)
        : [(BenchmarkCase)Activator.CreateInstance(type)!];

    private static bool IsMeant(BenchmarkCase one, string name) => All.Any(other => other.Name == name) ? one.Name == name : one.Name.StartsWith(name, StringComparison.Ordinal);
}
