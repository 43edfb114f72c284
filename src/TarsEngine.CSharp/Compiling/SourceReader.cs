using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace TarsEngine.CSharp.Compiling;

/// <summary>Something that only a real build can answer.</summary>
internal sealed class UnsureException(string reason) : Exception(reason);

/// <summary>Reads files as the compiler does.</summary>
internal sealed class SourceReader(CSharpCommandLineArguments arguments)
{
    private static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);
    private readonly HashSet<string> embedded = new(arguments.EmbeddedFiles.Select(file => file.Path), StringComparer.Ordinal);

    /// <exception cref="UnsureException">The file can't be read, or not in the way that the compiler would.</exception>
    public SyntaxTree Parse(string path) => Parse(path, Bytes(path));

    /// <inheritdoc cref="Parse(string)"/>
    public SyntaxTree Parse(string path, byte[] bytes) => CSharpSyntaxTree.ParseText(Text(path, bytes, embedded.Contains(path)), arguments.ParseOptions, path);

    public SourceText Text(string path, bool canBeEmbedded = false) => Text(path, Bytes(path), canBeEmbedded);

    private SourceText Text(string path, byte[] bytes, bool canBeEmbedded)
    {
        try
        {
            return SourceText.From(bytes, bytes.Length, arguments.Encoding ?? strict, arguments.ChecksumAlgorithm, throwIfBinaryDetected: true, canBeEmbedded);
        }
        catch (Exception fault) when (fault is DecoderFallbackException or InvalidDataException)
        {
            throw new UnsureException($"'{path}' is not UTF-8");
        }
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UnsureException($"'{path}' can't be read");
        }
    }
}

/// <summary>A file that is no source, for analyzers and generators.</summary>
internal sealed class AdditionalFile(string path, SourceReader reader) : AdditionalText
{
    private SourceText? text;

    public override string Path => path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => text ??= reader.Text(path);
}
