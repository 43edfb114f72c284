namespace TarsCli.Output;

/// <summary>The few ways in which text may look; on a stream without colours they all look alike.</summary>
internal enum Style
{
    Plain,
    Strong,
    Dim,
    Good,
    Bad,
    Warn,
    Accent,
}

internal enum ColorChoice
{
    Auto,
    Always,
    Never,
}

internal static class Ansi
{
    public static string Apply(Style style, string text) => style == Style.Plain || text.Length == 0
        ? text
        : $"\u001b[{Code(style)}m{text}\u001b[0m";

    private static string Code(Style style) => style switch
    {
        Style.Strong => "1",
        Style.Dim => "2",
        Style.Good => "32",
        Style.Bad => "31",
        Style.Warn => "33",
        _ => "36",
    };
}
