using System.Globalization;
using System.Xml;
using TarsEngine.Files;

namespace TarsEngine.Validation.Reports;

/// <summary>
/// Reads what coverlet writes into the results folder in Cobertura's form, as a stream. Code that is not trusted wrote it: it is bounded, broken ones end
/// where they break, and all it can do is tell people something.
/// </summary>
internal sealed class CoverageReader(FileSystem files, string codebaseRoot, LineCoverage coverage)
{
    private const string Name = "coverage.cobertura.xml";
    private const int MaxDepth = 4;
    private const int MaxEntries = 2_000;
    private const int MostSources = 100;
    private const long MaxBytes = 64L * 1024 * 1024;
    private int entries;

    /// <summary>Null when there is none.</summary>
    /// <param name="codebaseRoot">Where the codebase stood for the tests.</param>
    public static LineCoverage? Read(FileSystem files, string folder, string codebaseRoot)
    {
        var coverage = new LineCoverage();
        using var root = files.OpenRoot(folder);
        new CoverageReader(files, codebaseRoot, coverage).Read(root, 0);
        return coverage.IsEmpty ? null : coverage;
    }

    private void Read(DirectoryHandle folder, int depth)
    {
        foreach (var name in files.List(folder))
        {
            if (++entries > MaxEntries) return;
            var info = files.Stat(folder, name);
            if (info is { Kind: NodeKind.Directory } && depth < MaxDepth)
            {
                using var inner = files.OpenDirectory(folder, RepositoryPath.Parse(name));
                if (inner is not null) Read(inner, depth + 1);
            }
            else if (name == Name && info is { Kind: NodeKind.File, Size: <= MaxBytes })
            {
                using var stream = files.OpenRead(folder, name);
                Read(stream);
            }
        }
    }

    private void Read(Stream stream)
    {
        var sources = new List<string>();
        RepositoryPath? path = null;
        try
        {
            using var xml = ReportText.OpenXml(stream);
            while (xml.Read())
            {
                if (xml.Depth > ReportText.MaxDepth) return;
                if (xml.NodeType != XmlNodeType.Element) continue;
                if (xml.LocalName == "source" && !xml.IsEmptyElement && sources.Count < MostSources && xml.Read() && xml.NodeType == XmlNodeType.Text) sources.Add(xml.Value.Trim());
                else if (xml.LocalName == "class") path = PathOf(xml.GetAttribute("filename") ?? "", sources);
                else if (xml.LocalName == "line" && path is { } known && int.TryParse(xml.GetAttribute("number"), NumberStyles.None, CultureInfo.InvariantCulture, out var line))
                    coverage.Add(known, line, xml.GetAttribute("hits") is not (null or "0"));
            }
        }
        catch (XmlException)
        {
            // What was read until then was true as far as it went.
        }
    }

    // Relative to one of the sources, or absolute; what lies outside of the codebase is nobody's affair.
    private RepositoryPath? PathOf(string name, List<string> sources)
    {
        name = name.Replace('\\', '/');
        foreach (var full in sources.Select(s => s.TrimEnd('/') + "/" + name).Prepend(name))
        {
            if (full.StartsWith(codebaseRoot + "/", StringComparison.Ordinal) && RepositoryPath.TryParse(full[(codebaseRoot.Length + 1)..], out var path, out _)) return path;
        }
        return null;
    }
}
