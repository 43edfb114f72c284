namespace TarsEngine.Files;

/// <summary>A regular file's bytes, every read through the seam.</summary>
internal sealed class FileReadStream(FileSystem files, FileHandle file) : Stream
{
    private readonly long length = files.Stat(file).Size;
    private long position;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => length;

    public override long Position
    {
        get => position;
        set => throw new NotSupportedException("The stream only reads on.");
    }

    public override int Read(Span<byte> buffer)
    {
        var count = files.Read(file, buffer);
        position += count;
        return count;
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
        if (disposing) file.Dispose();
        base.Dispose(disposing);
    }
}
