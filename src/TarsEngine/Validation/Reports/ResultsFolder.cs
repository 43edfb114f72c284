using TarsEngine.Configuration;
using TarsEngine.Files;

namespace TarsEngine.Validation.Reports;

/// <summary>
/// The folder into which one check writes its reports. It was empty before, but code that is not trusted has written there since:
/// links are not followed, pipes not opened, sizes and counts bounded.
/// </summary>
internal sealed class ResultsFolder
{
    private const int MaxDepth = 12;
    private const int MaxEntries = 20_000;

    private readonly FileSystem files;
    private readonly ReportFormat format;
    private readonly string codebaseRoot;
    private readonly TestReport report = new();
    private int entries;

    private ResultsFolder(FileSystem files, ReportFormat format, string codebaseRoot) => (this.files, this.format, this.codebaseRoot) = (files, format, codebaseRoot);

    /// <param name="format">Which files count: only those with its ending.</param>
    /// <param name="codebaseRoot">Where the codebase stood for the tests.</param>
    public static TestReport Read(FileSystem files, string folder, ReportFormat format, string codebaseRoot)
    {
        using var root = files.OpenRoot(folder);
        var results = new ResultsFolder(files, format, codebaseRoot);
        results.Read(root, "", 0);
        return results.report;
    }

    /// <summary>How the files of a format end.</summary>
    public static string Extension(ReportFormat format) => format switch
    {
        ReportFormat.Trx => ".trx",
        ReportFormat.JUnit => ".xml",
        ReportFormat.Tap => ".tap",
        ReportFormat.Jest => ".json",
        ReportFormat.GoTest => ".jsonl",
        ReportFormat.Cargo => ".txt",
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no report."),
    };

    private void Read(DirectoryHandle folder, string prefix, int depth)
    {
        foreach (var name in files.List(folder).Order(StringComparer.Ordinal))
        {
            if (++entries > MaxEntries)
            {
                report.AddFault($"The results folder holds more than {MaxEntries} entries.");
                return;
            }
            var info = files.Stat(folder, name);
            var shown = ByteText.Display(prefix + name);
            var isReport = name.EndsWith(Extension(format), StringComparison.OrdinalIgnoreCase);
            if (info is { Kind: NodeKind.Directory } && depth < MaxDepth)
            {
                using var inner = files.OpenDirectory(folder, RepositoryPath.Parse(name));
                if (inner is not null) Read(inner, prefix + name + "/", depth + 1);
            }
            else if (isReport && info is not { Kind: NodeKind.File })
            {
                report.AddFault($"'{shown}' in the results folder is no regular file.");
            }
            else if (isReport && info!.Size > ReportText.MaxBytes)
            {
                report.AddFault($"The report '{shown}' has {info.Size} bytes; the most that is read is {ReportText.MaxBytes}.");
            }
            else if (isReport)
            {
                using var stream = files.OpenRead(folder, name);
                Read(stream, shown);
            }
        }
    }

    private void Read(Stream stream, string name)
    {
        switch (format)
        {
            case ReportFormat.Trx: TrxReader.Read(stream, report, name, codebaseRoot); break;
            case ReportFormat.JUnit: JUnitReader.Read(stream, report, name); break;
            case ReportFormat.Tap: TapReader.Read(stream, report, name); break;
            case ReportFormat.Jest: JestReader.Read(stream, report, name, codebaseRoot); break;
            case ReportFormat.GoTest: GoTestReader.Read(stream, report, name); break;
            case ReportFormat.Cargo: CargoReader.Read(stream, report, name); break;
        }
    }
}
