using System.Security.Cryptography;
using TarsEngine.Files;

namespace TarsEngine.Storage;

/// <summary>Passes bytes on and hashes them; at the end, wrong bytes throw. Who reads to the end has read what was meant.</summary>
internal sealed class VerifiedStream(Stream inner, ContentHash expected, Func<ContentHash, Exception> wrong) : Stream
{
    private readonly IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long position;
    private bool ended;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => inner.Length;

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException("The stream only reads on.");
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || ended) return 0;
        var count = inner.Read(buffer);
        position += count;
        if (count > 0)
        {
            digest.AppendData(buffer[..count]);
            return count;
        }
        ended = true;
        var found = ContentHash.FromDigest(digest.GetHashAndReset());
        return found == expected ? 0 : throw wrong(found);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The stream only reads on.");
    public override void SetLength(long value) => throw new NotSupportedException("The stream only reads.");
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream only reads.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            digest.Dispose();
        }
        base.Dispose(disposing);
    }
}
