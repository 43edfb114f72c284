namespace TarsEngine.Processes;

/// <summary>One stream's bytes: handed on, or kept up to a limit.</summary>
internal sealed class OutputCollector(ChildOutput? sink, int limit)
{
    private readonly MemoryStream kept = new();

    public bool Truncated { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (sink is not null)
        {
            sink(bytes);
            return;
        }
        var room = (int)Math.Min(bytes.Length, limit - kept.Length);
        kept.Write(bytes[..room]);
        Truncated |= room < bytes.Length;
    }

    public byte[] ToArray() => kept.ToArray();
}
