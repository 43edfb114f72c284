using System.Xml;

namespace TarsEngine.Validation.Syntax;

/// <summary>XML and what is made of it: MSBuild projects, resources, settings. No document type is ever followed.</summary>
internal sealed class XmlParser : ISyntaxParser
{
    private static readonly string[] MsBuild = [".csproj", ".fsproj", ".vbproj", ".proj", ".props", ".targets", ".tasks"];

    public string Language => "xml";

    public static bool IsMsBuild(string fileName) => MsBuild.Contains(Path.GetExtension(fileName), StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<SyntaxProblem> Parse(string fileName, byte[] bytes)
    {
        // '.config' and '.manifest' are not always XML.
        var isOther = fileName.EndsWith(".config", StringComparison.OrdinalIgnoreCase) || fileName.EndsWith(".manifest", StringComparison.OrdinalIgnoreCase);
        if (isOther && !bytes.AsSpan(0, Math.Min(bytes.Length, 64)).Contains((byte)'<')) return [];
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, CloseInput = true };
        var hasDocumentType = false;
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes), settings);
            hasDocumentType = HasDocumentType(bytes);
            var root = ReadRoot(reader);
            var expected = IsMsBuild(fileName) ? "Project" : fileName.EndsWith(".resx", StringComparison.OrdinalIgnoreCase) ? "root" : null;
            return expected is null || root == expected ? [] : [new($"The outermost element is '{root}', and must be '{expected}'.", 1)];
        }
        catch (XmlException fault) when (!hasDocumentType || !fault.Message.Contains("entity", StringComparison.OrdinalIgnoreCase))
        {
            return [new(fault.Message, fault.LineNumber > 0 ? fault.LineNumber : null, fault.LinePosition > 0 ? fault.LinePosition : null)];
        }
        catch (XmlException)
        {
            // An entity that the ignored document type may declare: nothing to say against the file.
            return [];
        }
    }

    private static string ReadRoot(XmlReader reader)
    {
        reader.MoveToContent();
        var root = reader.LocalName;
        while (reader.Read())
        {
            // Reading is the check.
        }
        return root;
    }

    private static bool HasDocumentType(byte[] bytes) => bytes.AsSpan(0, Math.Min(bytes.Length, 4096)).IndexOf("<!DOCTYPE"u8) >= 0;
}
