using System.Xml;
using TarsEngine.Files;

namespace TarsEngine.Validation.Dotnet;

/// <summary>How a project's tests can be run.</summary>
internal enum TestSupport
{
    /// <summary>It has no tests.</summary>
    None,

    /// <summary>'dotnet test' runs them by VSTest.</summary>
    VisualStudioTest,

    /// <summary>Only Microsoft.Testing.Platform runs them.</summary>
    TestingPlatform,
}

/// <summary>How a test program of Microsoft.Testing.Platform is asked for a report.</summary>
internal enum PlatformReport
{
    /// <summary>By the extension that most have: '--report-trx'.</summary>
    Extension,

    /// <summary>By xunit.v3's own, where it runs on the platform: '--report-xunit-trx'.</summary>
    XunitOnPlatform,

    /// <summary>By xunit.v3's own command line: '-trx FILE'.</summary>
    Xunit,
}

/// <summary>What the text of a project tells, without evaluating it: evaluation is code, and runs in the sandbox only.</summary>
/// <param name="TestsOthers">It has tests and refers to what they test; else its code and its tests may stand side by side.</param>
internal sealed record DotnetProject(RepositoryPath Path, TestSupport Tests, bool TestsOthers)
{
    /// <summary>How it runs on Microsoft.Testing.Platform; null where it can't.</summary>
    public PlatformReport? Platform { get; init; }

    /// <summary>Its program can end a test that hangs by itself.</summary>
    public bool HasHangDump { get; init; }

    /// <summary>It references coverlet's collector: its tests can tell which lines they reach.</summary>
    public bool MeasuresCoverage { get; init; }

    /// <summary>Where it names several target frameworks, these.</summary>
    public IReadOnlyList<string> Frameworks { get; init; } = [];
}

/// <summary>Names of packages and values of properties that stand in project files; conditions are not looked at.</summary>
internal sealed class ProjectText
{
    private readonly HashSet<string> packages = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> properties = new(StringComparer.OrdinalIgnoreCase);
    private string sdk = "";

    /// <summary>Adds what a file says; broken XML is the syntax check's affair and says nothing here.</summary>
    public void Read(byte[] bytes)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element) ReadElement(reader);
            }
        }
        catch (XmlException)
        {
            // Said elsewhere, with its line.
        }
    }

    /// <summary>True where it refers to another project or to an assembly.</summary>
    public bool RefersToOthers { get; private set; }

    /// <summary>True where it references coverlet's collector.</summary>
    public bool MeasuresCoverage => packages.Contains("coverlet.collector");

    public TestSupport Tests
    {
        get
        {
            var hasVsTest = packages.Contains("Microsoft.NET.Test.Sdk");
            if (sdk.StartsWith("MSTest.Sdk", StringComparison.OrdinalIgnoreCase)) return Is("UseVSTest") ? TestSupport.VisualStudioTest : TestSupport.TestingPlatform;
            if (packages.Contains("TUnit") || Is("TestingPlatformDotnetTestSupport")) return TestSupport.TestingPlatform;
            if (!hasVsTest && packages.Any(p => p.Equals("xunit.v3", StringComparison.OrdinalIgnoreCase) || p.StartsWith("xunit.v3.mtp", StringComparison.OrdinalIgnoreCase))) return TestSupport.TestingPlatform;
            if (Is("IsTestProject")) return TestSupport.VisualStudioTest;
            return hasVsTest && !IsNot("IsTestProject") ? TestSupport.VisualStudioTest : TestSupport.None;
        }
    }

    /// <summary>How its tests run on Microsoft.Testing.Platform, whether or not something else can run them too.</summary>
    public PlatformReport? Platform
    {
        get
        {
            var isXunit = packages.Any(p => p.StartsWith("xunit.v3", StringComparison.OrdinalIgnoreCase) && !p.StartsWith("xunit.v3.assert", StringComparison.OrdinalIgnoreCase) && !p.StartsWith("xunit.v3.extensibility", StringComparison.OrdinalIgnoreCase));
            if (isXunit) return Is("UseMicrosoftTestingPlatformRunner") ? PlatformReport.XunitOnPlatform : PlatformReport.Xunit;
            return Tests == TestSupport.TestingPlatform || Is("EnableMSTestRunner") || Is("EnableNUnitRunner") || packages.Contains("TUnit") ? PlatformReport.Extension : null;
        }
    }

    public bool HasHangDump => packages.Contains("Microsoft.Testing.Extensions.HangDump") || (sdk.StartsWith("MSTest.Sdk", StringComparison.OrdinalIgnoreCase) && properties.GetValueOrDefault("TestingExtensionsProfile") == "AllMicrosoft");

    /// <summary>Several target frameworks, where they stand there as words.</summary>
    public IReadOnlyList<string> Frameworks =>
        properties.GetValueOrDefault("TargetFrameworks", "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 1 } several
        && several.All(word => word.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-')) ? several : [];

    private bool Is(string property) => properties.GetValueOrDefault(property, "").Equals("true", StringComparison.OrdinalIgnoreCase);

    private bool IsNot(string property) => properties.GetValueOrDefault(property, "").Equals("false", StringComparison.OrdinalIgnoreCase);

    private void ReadElement(XmlReader reader)
    {
        switch (reader.LocalName)
        {
            case "Project" when reader.GetAttribute("Sdk") is { } name:
                sdk = name;
                break;
            case "Sdk" when reader.GetAttribute("Name") is { } name:
                sdk = name;
                break;
            case "PackageReference" or "GlobalPackageReference" when reader.GetAttribute("Include") is { } package:
                packages.UnionWith(package.Split(';', StringSplitOptions.TrimEntries));
                break;
            case "ProjectReference" or "Reference":
                RefersToOthers = true;
                break;
            case "IsTestProject" or "TestingPlatformDotnetTestSupport" or "UseVSTest" or "UseMicrosoftTestingPlatformRunner" or "EnableMSTestRunner" or "EnableNUnitRunner" or "TestingExtensionsProfile" or "TargetFrameworks" when !reader.IsEmptyElement:
                var property = reader.LocalName;
                if (reader.Read() && reader.NodeType == XmlNodeType.Text) properties[property] = reader.Value.Trim();
                break;
        }
    }
}
