using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TarsEngine.Validation.Syntax;

/// <summary>TOML 1.0, parsed and not understood: keys, tables and values must be well formed; that a key stands twice is found for plain keys of one table.</summary>
internal sealed partial class TomlParser : ISyntaxParser
{
    private const int MaxDepth = 200;

    public string Language => "toml";

    public IReadOnlyList<SyntaxProblem> Parse(string fileName, byte[] bytes)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal);
            return new Reader(text).ReadAll() is { } problem ? [problem] : [];
        }
        catch (DecoderFallbackException)
        {
            return [new("The file is not UTF-8.", null)];
        }
    }

    private sealed class Reader(string text)
    {
        private readonly HashSet<string> keys = new(StringComparer.Ordinal);
        private readonly HashSet<string> tables = new(StringComparer.Ordinal);
        private int at;

        private char Now => at < text.Length ? text[at] : '\0';

        public SyntaxProblem? ReadAll()
        {
            while (at < text.Length)
            {
                SkipBlanks();
                if (Now == '[' ? !Table() : Now is not ('\n' or '#' or '\0') && !Pair(keys)) return Problem();
                if (!EndOfLine()) return Problem();
            }
            return null;
        }

        private string reason = "This is no key, table or value of TOML.";

        private SyntaxProblem Problem()
        {
            var before = text.AsSpan(0, Math.Min(at, text.Length));
            return new(reason, before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
        }

        private bool Table()
        {
            var isList = text.AsSpan(at).StartsWith("[[");
            at += isList ? 2 : 1;
            if (!Key(out var name)) return false;
            if (!text.AsSpan(at).StartsWith(isList ? "]]" : "]")) return No("The table's name has no end.");
            at += isList ? 2 : 1;
            if (!isList && !tables.Add(name)) return No($"The table [{name}] stands twice.");
            // A new element of a list of tables begins all tables below it anew.
            if (isList) tables.RemoveWhere(table => table.StartsWith(name + ".", StringComparison.Ordinal));
            keys.Clear();
            return true;
        }

        private bool Pair(HashSet<string> known, int depth = 0)
        {
            if (!Key(out var key)) return false;
            if (!known.Add(key)) return No($"The key '{key}' stands twice.");
            if (Now != '=') return No("A key needs '=' and a value behind it.");
            at++;
            SkipBlanks();
            return Value(depth);
        }

        private bool Key(out string name)
        {
            var parts = new List<string>();
            name = "";
            while (true)
            {
                SkipBlanks();
                var start = at;
                if (Now is '"' or '\'' ? !Quoted(Now) : !Bare()) return No("A key is missing, or holds a character that needs quotes.");
                parts.Add(text[start..at].Trim('"', '\''));
                SkipBlanks();
                if (Now != '.') break;
                at++;
            }
            name = string.Join('.', parts);
            return true;
        }

        private bool Bare()
        {
            var start = at;
            while (char.IsAsciiLetterOrDigit(Now) || Now is '-' or '_') at++;
            return at > start;
        }

        private bool Value(int depth)
        {
            if (depth > MaxDepth) return No($"Nesting is deeper than {MaxDepth} levels.");
            switch (Now)
            {
                case '"' or '\'':
                    return text.AsSpan(at).StartsWith(new string(Now, 3)) ? Multiline(Now) : Quoted(Now) || No("The string has no end on its line, or a wrong escape.");
                case '[':
                    return List(depth);
                case '{':
                    return Inline(depth);
                default:
                    var match = Scalar().Match(text, at);
                    if (!match.Success || match.Length == 0) return No("This is no value: strings need quotes.");
                    at += match.Length;
                    return true;
            }
        }

        private bool List(int depth)
        {
            at++;
            while (true)
            {
                SkipAll();
                if (Now == ']') break;
                if (!Value(depth + 1)) return false;
                SkipAll();
                if (Now == ',') at++;
                else if (Now != ']') return No("The list has no ',' between two values, or no end.");
            }
            at++;
            return true;
        }

        private bool Inline(int depth)
        {
            at++;
            var own = new HashSet<string>(StringComparer.Ordinal);
            SkipBlanks();
            while (Now != '}')
            {
                if (!Pair(own, depth + 1)) return false;
                SkipBlanks();
                if (Now == ',') at++;
                else if (Now != '}') return No("The inline table has no ',' between two keys, or no end on its line.");
                SkipBlanks();
            }
            at++;
            return true;
        }

        private bool Quoted(char quote)
        {
            for (at++; Now is not ('\0' or '\n'); at++)
            {
                if (Now == quote)
                {
                    at++;
                    return true;
                }
                if (Now == '\\' && quote == '"' && !Escape()) return false;
            }
            return false;
        }

        private bool Multiline(char quote)
        {
            var mark = new string(quote, 3);
            for (at += 3; at < text.Length; at++)
            {
                if (quote == '"' && Now == '\\' && !(at + 1 < text.Length && text[at + 1] is '\n' or ' ' or '\t') && !Escape()) return No("The string holds a wrong escape.");
                else if (text.AsSpan(at).StartsWith(mark))
                {
                    // Up to two quotes may stand before the end.
                    at += 3;
                    while (Now == quote) at++;
                    return true;
                }
            }
            return No("The string has no end.");
        }

        private bool Escape()
        {
            at++;
            if (Now is 'b' or 't' or 'n' or 'f' or 'r' or 'e' or '"' or '\\') return true;
            var digits = Now switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => -1 };
            if (digits < 0 || at + digits >= text.Length || !int.TryParse(text.AsSpan(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _)) return false;
            at += digits;
            return true;
        }

        private bool EndOfLine()
        {
            SkipBlanks();
            if (Now == '#') while (Now is not ('\0' or '\n')) at++;
            if (at < text.Length && Now != '\n') return No("Something stands behind the value.");
            at++;
            return true;
        }

        private void SkipBlanks()
        {
            while (Now is ' ' or '\t') at++;
        }

        private void SkipAll()
        {
            while (true)
            {
                while (Now is ' ' or '\t' or '\n') at++;
                if (Now != '#') return;
                while (Now is not ('\0' or '\n')) at++;
            }
        }

        private bool No(string why)
        {
            reason = why;
            return false;
        }
    }

    // Booleans, numbers, dates and times.
    [GeneratedRegex(@"\G(true|false|[+-]?(inf|nan)|\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?)?|\d\d:\d\d(:\d\d(\.\d+)?)?|0x[0-9A-Fa-f_]+|0o[0-7_]+|0b[01_]+|[+-]?(0|[1-9](_?\d)*)(\.\d(_?\d)*)?([eE][+-]?\d(_?\d)*)?)(?![A-Za-z0-9_.+-])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Scalar();
}
