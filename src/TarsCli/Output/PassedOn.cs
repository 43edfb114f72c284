namespace TarsCli.Output;

/// <summary>
/// Hands a command's bytes on at once: exactly as they are, or made harmless where they go to a terminal. When nobody reads them
/// any more, that is told by a token and nothing throws.
/// </summary>
internal sealed class PassedOn : IDisposable
{
    private readonly Stream to;
    private readonly TerminalGuard? guard;
    private readonly CancellationTokenSource gone;

    public PassedOn(Stream to, bool isTerminal, CancellationToken cancellation)
    {
        (this.to, guard) = (to, isTerminal ? new() : null);
        gone = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    }

    /// <summary>Cancelled when the reader has gone, or by the outer token.</summary>
    public CancellationToken Gone => gone.Token;

    public void Write(ReadOnlySpan<byte> bytes) => Send(guard is null ? bytes : guard.Filter(bytes));

    private void Send(ReadOnlySpan<byte> bytes)
    {
        if (gone.IsCancellationRequested) return;
        try
        {
            to.Write(bytes);
            to.Flush();
        }
        catch (IOException)
        {
            gone.Cancel();
        }
    }

    public void Dispose()
    {
        if (guard is not null) Send(guard.End());
        to.Dispose();
        gone.Dispose();
    }
}
