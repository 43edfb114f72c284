namespace TarsEngine.Git;

/// <summary>Cuts output that comes in pieces at its NULs, such as '-z' gives.</summary>
/// <param name="record">Takes each part; must not keep the span.</param>
internal sealed class RecordSplitter(RecordSplitter.Record record)
{
    private readonly MemoryStream begun = new();

    public delegate void Record(ReadOnlySpan<byte> bytes);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        for (var end = bytes.IndexOf((byte)0); end >= 0; end = bytes.IndexOf((byte)0))
        {
            if (begun.Length == 0)
            {
                record(bytes[..end]);
            }
            else
            {
                begun.Write(bytes[..end]);
                record(begun.GetBuffer().AsSpan(0, (int)begun.Length));
                begun.SetLength(0);
            }
            bytes = bytes[(end + 1)..];
        }
        begun.Write(bytes);
    }
}
