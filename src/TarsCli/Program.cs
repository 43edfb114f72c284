using System.Runtime.InteropServices;
using TarsCli;
using TarsCli.Output;

using var stop = new CancellationTokenSource();
var signals = 0;

// The first signal asks: the run settles itself, however long that takes. The second kills; the next command recovers.
void OnSignal(PosixSignalContext signal)
{
    if (Interlocked.Increment(ref signals) > 1) return;
    signal.Cancel = true;
    Console.Error.WriteLine("Cancelling: settling what is under way. Once more kills; the next command then recovers.");
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);

try
{
    return await CommandLine.RunAsync(args, CompositionRoot.OfThisProcess(), stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return (int)ExitCode.Cancelled;
}
