using TarsEngine.Files;

namespace TarsEngine.Validation.Reports;

/// <summary>
/// The folder into which one check writes its reports. It was empty before, but code that is not trusted has written there since:
/// links are not followed, pipes not opened, sizes and counts bounded.
/// </summary>
internal static class ResultsFolder
{
    private const int MaxDepth = 4;
    private const int MaxEntries = 2_000;

    public static TestReport Read(FileSystem files, string folder, string codebaseRoot)
    {
        var report = new TestReport();
        using var root = files.OpenRoot(folder);
        var entries = 0;
        Read(files, root, "", 0, ref entries, report, codebaseRoot);
        return report;
    }

    private static void Read(FileSystem files, DirectoryHandle folder, string prefix, int depth, ref int entries, TestReport report, string codebaseRoot)
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
            var isReport = name.EndsWith(".trx", StringComparison.OrdinalIgnoreCase);
            if (info is { Kind: NodeKind.Directory } && depth < MaxDepth)
            {
                using var inner = files.OpenDirectory(folder, RepositoryPath.Parse(name));
                if (inner is not null) Read(files, inner, prefix + name + "/", depth + 1, ref entries, report, codebaseRoot);
            }
            else if (isReport && info is not { Kind: NodeKind.File })
            {
                report.AddFault($"'{shown}' in the results folder is no regular file.");
            }
            else if (isReport && info!.Size > TrxReader.MaxBytes)
            {
                report.AddFault($"The report '{shown}' has {info.Size} bytes; the most that is read is {TrxReader.MaxBytes}.");
            }
            else if (isReport)
            {
                using var stream = files.OpenRead(folder, name);
                TrxReader.Read(stream, report, shown, codebaseRoot);
            }
        }
    }
}
