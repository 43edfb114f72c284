using TarsEngine.Documents;

namespace TarsAutonomy.Tests;

/// <summary>A map of fields as the reader of settings gets it.</summary>
internal static class Yaml
{
    public static MapReader Map(string text) =>
        MapReader.Root(DocumentReader.Read(text, "config.yaml"), "The settings") ?? throw new InvalidOperationException(text);

    /// <summary>What is wrong with the settings that <paramref name="read"/> reads.</summary>
    public static string Problems<T>(string text, Func<MapReader, T> read)
    {
        var map = Map(text);
        read(map);
        return string.Join('\n', map.Problems.List);
    }

    /// <summary>Settings without a problem.</summary>
    public static T Sound<T>(string text, Func<MapReader, T> read)
    {
        var map = Map(text);
        var settings = read(map);
        Assert.Empty(map.Problems.List);
        return settings;
    }
}
