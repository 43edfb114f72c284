namespace TarsEngine.Processes;

/// <summary>How a child ended. Exactly one of <paramref name="ExitCode"/> and <paramref name="Signal"/> is set.</summary>
/// <param name="ExitCode">When it ended by itself.</param>
/// <param name="Signal">When a signal ended it.</param>
/// <param name="TimedOut">We ended it, because its time was up.</param>
/// <param name="Output">Standard output, unless the command took it elsewhere.</param>
/// <param name="Error">Standard error, likewise.</param>
/// <param name="Truncated">More came than was to be kept.</param>
/// <param name="Duration">From start to end.</param>
public sealed record ProcessResult(
    int? ExitCode, int? Signal, bool TimedOut, byte[] Output, byte[] Error, bool Truncated, TimeSpan Duration)
{
    /// <summary>It was asked to end before it did: however it ended then, it did not do what it was there for.</summary>
    internal bool WasCancelled { get; init; }

    public bool Succeeded => ExitCode == 0 && !TimedOut;

    /// <summary>Both streams as text for messages, what is not UTF-8 replaced.</summary>
    public string OutputText => System.Text.Encoding.UTF8.GetString(Output);

    public string ErrorText => System.Text.Encoding.UTF8.GetString(Error);
}

/// <summary>A program could not be started at all.</summary>
public sealed class ProcessStartException : IOException
{
    public ProcessStartException(string program, string folder, int errno)
        : base($"'{program}' could not be started in '{folder}': {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(errno)}. {Advice(errno)}")
        => HResult = errno;

    private static string Advice(int errno) => errno switch
    {
        2 => "Check that both exist.",
        7 => "The arguments or the environment are too long.",
        11 or 12 => "The machine is out of processes or memory; try again when it has some.",
        13 => "Check that it is executable and that the folder may be entered.",
        _ => "Check the program and the folder.",
    };
}
