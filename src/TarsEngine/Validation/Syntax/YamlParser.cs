using System.Text;
using YamlDotNet.Core;

namespace TarsEngine.Validation.Syntax;

/// <summary>YAML as other tools read it: anchors and several documents are fine, nothing is expanded.</summary>
internal sealed class YamlParser : ISyntaxParser
{
    private const int MaxDepth = 1_000;

    public string Language => "yaml";

    public IReadOnlyList<SyntaxProblem> Parse(string fileName, byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        // Templates that become YAML later are not YAML yet.
        if (text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal)) return [];
        try
        {
            var parser = new Parser(new StringReader(text));
            var depth = 0;
            while (parser.MoveNext())
            {
                depth += parser.Current!.NestingIncrease;
                if (depth > MaxDepth) return [new($"Nesting is deeper than {MaxDepth} levels.", (int)parser.Current.Start.Line)];
            }
            return [];
        }
        catch (YamlException fault)
        {
            return [new(fault.Message, (int)Math.Max(1, fault.Start.Line), (int)Math.Max(1, fault.Start.Column))];
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The parser's own slips on hostile text.
            return [new(fault.Message, null)];
        }
    }
}
