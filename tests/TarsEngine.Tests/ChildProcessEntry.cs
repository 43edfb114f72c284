using System.Diagnostics;
using System.Runtime.CompilerServices;
using TarsEngine.Audit;
using TarsEngine.Files;
using TarsEngine.Planning;
using TarsEngine.Sandbox;
using TarsEngine.Storage;
using TarsEngine.Tests.Rollback;
using TarsEngine.Worlds.Racing;

namespace TarsEngine.Tests;

/// <summary>
/// This test program as a child of itself, for tests that need real processes: with the variable set, it does one job and ends
/// before any test is looked for.
/// </summary>
internal static class ChildProcessEntry
{
    private const string Variable = "TARS_TEST_CHILD";

    public static Process Start(string job, params string[] arguments) => Start([], job, arguments);

    /// <param name="under">A program, with its arguments, that starts the child: 'unshare', say.</param>
    public static Process Start(IReadOnlyList<string> under, string job, params string[] arguments)
    {
        string[] line = [.. under, Environment.ProcessPath!];
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Under 'dotnet x.dll' the program is dotnet; as an executable of its own it is itself.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(ChildProcessEntry).Assembly.Location);
        start.Environment[Variable] = string.Join('\n', [job, .. arguments]);
        return Process.Start(start)!;
    }

    [ModuleInitializer]
    internal static void Run()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } text) return;
        var parts = text.Split('\n');
        try
        {
            switch (parts[0])
            {
                case "append-audit": AppendAudit(parts[1], int.Parse(parts[2])); break;
                case "hold-lock": HoldLock(parts[1], parts[2]); break;
                case "race": Racer.Parse(parts[1..]).Run(); break;
                case "small-disk": SmallDiskTests.RunInside(parts[1], parts[2]); break;
                case "run-context": RunContext(parts[1]); break;
                case "run-sandboxed": RunSandboxed(parts[1], parts[2]); break;
                default: throw new ArgumentException(parts[0]);
            }
            Environment.Exit(0);
        }
        catch (Exception error)
        {
            Console.Error.WriteLine(error);
            Environment.Exit(1);
        }
    }

    private static void AppendAudit(string folder, int count)
    {
        var state = StateFolder.Create(folder, null, new FileSystem());
        for (var i = 0; i < count; i++)
        {
            // Opened anew each time, as commands do: the last one out tidies the log while the next one comes in.
            using var database = StateDatabase.Open(state.Database, TimeProvider.System);
            var audit = new AuditTrailService(database, new FileSystem(), Path.Combine(folder, "user"));
            database.Write("append", tx => audit.Append(tx, new("tested", $"process {Environment.ProcessId}", $"CTX-{i}")));
        }
    }

    private static void HoldLock(string folder, string name)
    {
        using var held = StateFolder.Create(folder, null, new FileSystem()).TryAcquire(name);
        Console.WriteLine(held is null ? "not free" : "held");
        Thread.Sleep(Timeout.Infinite);
    }

    private static void RunSandboxed(string folder, string script)
    {
        var (files, state) = (new FileSystem(), StateFolder.Create(folder, null, new FileSystem()));
        using var root = files.OpenRoot(folder);
        using var workspace = new WorkspaceFactory(state, files, TimeProvider.System).Create(TreeSnapshot.Empty, new(files, root, new(state, files)), "killed");
        // Handed on directly: no other thread may need this program's own code before its entry is done.
        var output = Console.OpenStandardOutput();
        new SafeExecutionEnvironment(SandboxPaths.Discover(Sandbox.SandboxFixture.HostEnvironment, state.Root))
            .RunAsync(workspace, new(["/bin/sh", "-c", script], "", TimeSpan.FromMinutes(5), new Dictionary<string, string>()), output.Write, output.Write, CancellationToken.None)
            .GetAwaiter().GetResult();
    }

    private static void RunContext(string folder)
    {
        var state = StateFolder.Create(folder, null, new FileSystem());
        using var database = StateDatabase.Open(state.Database, TimeProvider.System);
        var store = new ExecutionContextStore(database, new(database, new FileSystem(), Path.Combine(folder, "user")));
        var (context, run) = store.Create(new(1), new(), "child", state);
        using var control = new RunControl(store, context.Id, run, TimeProvider.System);
        Console.WriteLine(context.Id);
        control.Cancellation.WaitHandle.WaitOne();
        store.Advance(context.Id, [ContextState.Planning], ContextState.Cancelled, "child");
    }
}
