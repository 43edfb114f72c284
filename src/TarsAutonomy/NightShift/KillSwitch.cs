namespace TarsAutonomy.NightShift;

/// <summary>A file whose being there stops a session within a second, and lets none begin. Anybody who can write it can stop the night.</summary>
/// <param name="path">Absolute.</param>
public sealed class KillSwitch(string path, TimeProvider clock)
{
    public const string UsualName = "autonomous.stop";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public string Path => path;

    public bool IsSet => File.Exists(path);

    /// <summary>Sets it, with who did and why for people.</summary>
    public void Set(string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text + "\n");
    }

    public void Clear()
    {
        if (IsSet) File.Delete(path);
    }

    /// <summary>Cancels when it is set; until it is disposed.</summary>
    internal Watch Begin(CancellationToken outer) => new(this, clock, outer);

    internal sealed class Watch : IAsyncDisposable
    {
        private readonly CancellationTokenSource pulled;
        private readonly CancellationTokenSource over = new();
        private readonly Task watching;

        public Watch(KillSwitch file, TimeProvider clock, CancellationToken outer)
        {
            pulled = CancellationTokenSource.CreateLinkedTokenSource(outer);
            watching = LookAsync(file, clock);
        }

        public CancellationToken Pulled => pulled.Token;

        public async ValueTask DisposeAsync()
        {
            await over.CancelAsync();
            await watching;
            over.Dispose();
            pulled.Dispose();
        }

        private async Task LookAsync(KillSwitch file, TimeProvider clock)
        {
            try
            {
                while (!file.IsSet) await Task.Delay(Pause, clock, over.Token);
                await pulled.CancelAsync();
            }
            catch (OperationCanceledException)
            {
                // Nobody needs it any more.
            }
        }
    }
}
