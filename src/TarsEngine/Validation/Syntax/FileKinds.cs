namespace TarsEngine.Validation.Syntax;

/// <summary>Which parser a file name asks for.</summary>
internal static class FileKinds
{
    private static readonly CSharpParser CSharp = new();
    private static readonly JsonParser Json = new();
    private static readonly XmlParser Xml = new();
    private static readonly YamlParser Yaml = new();
    private static readonly TomlParser Toml = new();
    private static readonly FrontMatterParser FrontMatter = new();

    private static readonly Dictionary<string, ISyntaxParser> Parsers = new(StringComparer.OrdinalIgnoreCase)
    {
        [".cs"] = CSharp, [".csx"] = CSharp,
        [".json"] = Json, [".jsonc"] = Json, [".code-workspace"] = Json,
        [".toml"] = Toml, [".md"] = FrontMatter, [".markdown"] = FrontMatter, [".mdx"] = FrontMatter,
        [".yaml"] = Yaml, [".yml"] = Yaml,
        [".xml"] = Xml, [".csproj"] = Xml, [".fsproj"] = Xml, [".vbproj"] = Xml, [".proj"] = Xml, [".props"] = Xml, [".targets"] = Xml, [".tasks"] = Xml,
        [".resx"] = Xml, [".config"] = Xml, [".slnx"] = Xml, [".nuspec"] = Xml, [".xaml"] = Xml, [".axaml"] = Xml, [".svg"] = Xml, [".plist"] = Xml,
        [".manifest"] = Xml, [".ruleset"] = Xml, [".runsettings"] = Xml, [".xsd"] = Xml, [".xslt"] = Xml, [".dotsettings"] = Xml,
    };

    // Text in which anything may stand.
    private static readonly HashSet<string> Plain = new(StringComparer.OrdinalIgnoreCase)
    {
        ".txt", ".rst", ".adoc", ".gitignore", ".gitattributes", ".gitkeep", ".editorconfig", ".log", ".csv", ".license", ".snap", ".patch", ".diff",
    };

    private static readonly HashSet<string> PlainNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "LICENSE", "LICENCE", "README", "CHANGELOG", "AUTHORS", "NOTICE", "CODEOWNERS", "COPYING", "CONTRIBUTORS",
    };

    /// <summary>Null when nothing here parses such a file.</summary>
    public static ISyntaxParser? ParserFor(string fileName) => Parsers.GetValueOrDefault(Path.GetExtension(fileName));

    /// <summary>True for plain text, about which there is nothing to parse.</summary>
    public static bool IsPlainText(string fileName) => Plain.Contains(Path.GetExtension(fileName)) || PlainNames.Contains(fileName);
}
