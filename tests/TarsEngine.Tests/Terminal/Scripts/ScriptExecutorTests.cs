using TarsEngine.Sandbox;
using TarsEngine.Terminal.Failures;
using TarsEngine.Terminal.Scripts;
using TarsEngine.Tests.Sandbox;

namespace TarsEngine.Tests.Terminal.Scripts;

public sealed class ScriptExecutorTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>, IDisposable
{
    private readonly ScriptGround ground = new(sandbox);

    public void Dispose() => ground.Dispose();

    [Theory]
    [InlineData("hello.py", "import sys\nprint('hello', *sys.argv[1:])\n")]
    [InlineData("hello.js", "console.log('hello', ...process.argv.slice(2));\n")]
    [InlineData("hello.mjs", "import process from 'node:process';\nconsole.log('hello', ...process.argv.slice(2));\n")]
    [InlineData("hello.sh", "echo hello \"$@\"\n")]
    [InlineData("hello", "#!/usr/bin/env bash\narguments=(\"$@\")\necho hello \"${arguments[@]}\"\n")]
    [InlineData("hello.cs", "Console.WriteLine($\"hello {string.Join(' ', args)}\");\n")]
    [InlineData("-hello.py", "import sys\nprint('hello', *sys.argv[1:])\n")]
    public async Task A_script_of_each_language_runs_with_its_arguments(string name, string text)
    {
        var outcome = await ground.With(name, text).Run(name, arguments: ["a b", "-c"]);

        Assert.IsType<ScriptSucceeded>(outcome);
        Assert.Equal("hello a b -c", ground.Text);
    }

    [Fact]
    public async Task A_csharp_script_gets_packages_from_the_users_cache_without_a_network()
    {
        var outcome = await ground.With("diff.cs", "#:package DiffPlex@1.4.4\nConsole.WriteLine(new DiffPlex.Differ().GetType().Name);\n").Run("diff.cs");

        Assert.IsType<ScriptSucceeded>(outcome);
        Assert.Equal("Differ", ground.Text);
    }

    [Theory]
    [InlineData("a.py", "def f(:\n  pass\n", "syntax", "a.py", 1)]
    [InlineData("a.py", "import json\n\ndef g(d):\n    return d['x']\n\njson.loads('{')\n", "runtime", "a.py", 6)]
    [InlineData("a.py", "print('All tests passed')\nimport no_such_module\n", "missing-dependency", "a.py", 2)]
    [InlineData("a.py", "open('/etc/x', 'w')\n", "permission", "a.py", 1)]
    [InlineData("a.py", "x = bytearray(10 ** 15)\n", "memory", "a.py", 1)]
    [InlineData("a.py", "import sys\nsys.exit(3)\n", "exit", null, null)]
    [InlineData("a.py", "import os\nos.kill(os.getpid(), 9)\n", "signal", null, null)]
    [InlineData("a.js", "let x = ;\n", "syntax", "a.js", 1)]
    [InlineData("a.js", "\nfunction f() { null.x }\nf();\n", "runtime", "a.js", 2)]
    [InlineData("a.js", "require('left-pad/x');\n", "missing-dependency", "a.js", 1)]
    [InlineData("a.mjs", "import x from '@scope/name/part';\n", "missing-dependency", "a.mjs", null)]
    [InlineData("a.mjs", "import x from './nowhere.mjs';\n", "runtime", null, null)]
    [InlineData("a.js", "require('fs').writeFileSync('/usr/x', '');\n", "permission", "a.js", 1)]
    [InlineData("a.sh", "if true; then\n", "syntax", "a.sh", null)]
    [InlineData("a.sh", "echo start\nno_such_program -x\n", "missing-dependency", "a.sh", 2)]
    [InlineData("a.sh", "touch /usr/x\n", "permission", null, null)]
    [InlineData("a.sh", "echo 'Traceback (most recent call last):'; echo ok; exit 4\n", "exit", null, null)]
    public async Task A_failure_is_told_with_its_kind_and_place(string name, string text, string kind, string? path, int? line)
    {
        var failed = Assert.IsType<ScriptFailed>(await ground.With(name, text).Run(name));

        Assert.Equal(kind, failed.Failure.Kind);
        if (path is not null) Assert.Equal(path, failed.Failure.Place?.Path);
        if (line is not null) Assert.Equal(line, failed.Failure.Place?.Line);
    }

    [Theory]
    [InlineData("Console.WriteLine(1;\n", "syntax", 1)]
    [InlineData("using Newtonsoft.Json.Linq;\nConsole.WriteLine(1);\n", "missing-dependency", 1)]
    [InlineData("Nonsense n = new();\n", "syntax", 1)]
    [InlineData("Console.WriteLine(1);\nvoid F() => throw new InvalidOperationException(\"boom\");\nF();\n", "runtime", 2)]
    public async Task A_csharp_failure_is_told_with_its_kind_and_place(string text, string kind, int line)
    {
        var failed = Assert.IsType<ScriptFailed>(await ground.With("a.cs", text).Run("a.cs"));

        Assert.Equal((kind, "a.cs", line), (failed.Failure.Kind, failed.Failure.Place?.Path, failed.Failure.Place?.Line));
    }

    [Fact]
    public async Task A_package_that_the_cache_lacks_is_named()
    {
        var failed = Assert.IsType<ScriptFailed>(await ground.With("a.cs", "#:package No.Such.Package@1.0.0\nConsole.WriteLine(1);\n").Run("a.cs"));

        Assert.Equal(("No.Such.Package", true), (Assert.IsType<MissingDependencyFailure>(failed.Failure) is var missing ? (missing.Name, missing.IsPackage) : default));
    }

    [Fact]
    public async Task A_script_that_hangs_without_output_ends_when_its_time_is_up()
    {
        var failed = Assert.IsType<ScriptFailed>(await ground.With("a.sh", "trap '' TERM; sleep 600\n").Run("a.sh", seconds: 1));

        Assert.IsType<TimeoutFailure>(failed.Failure);
    }

    [Fact]
    public async Task A_child_that_daemonises_or_holds_the_pipe_open_goes_with_the_script()
    {
        var outcome = await ground.With("a.sh", "setsid sh -c 'trap \"\" TERM HUP; sleep 600' & (sleep 600 &) \necho done\n").Run("a.sh", seconds: 30);

        Assert.True(Assert.IsType<ScriptSucceeded>(outcome).Result.Duration < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task One_that_succeeds_and_prints_errors_has_succeeded_and_one_that_fails_and_claims_success_has_failed()
    {
        Assert.IsType<ScriptSucceeded>(await ground.With("a.sh", "echo 'Traceback (most recent call last):'; echo 'error: all is lost' >&2\n").Run("a.sh"));
        Assert.IsType<ScriptFailed>(await ground.With("b.sh", "echo 'All tests passed'; exit 1\n").Run("b.sh"));
    }

    [Fact]
    public void What_a_killed_run_left_is_swept_and_what_is_in_use_is_not()
    {
        var run = LoneRun.Start(sandbox.State, "script");
        Directory.CreateDirectory(Path.Combine(sandbox.State.Workspaces, run.Name + "-again", "codebase"));

        Assert.False(LoneRun.Sweep(sandbox.State, sandbox.Factory));
        Assert.Contains(run.Name + "-again", sandbox.Factory.List());

        run.Dispose();
        Assert.True(LoneRun.Sweep(sandbox.State, sandbox.Factory));
        Assert.DoesNotContain(run.Name + "-again", sandbox.Factory.List());
    }

    [Fact]
    public async Task Attack_a_script_sees_nothing_of_the_codebase_and_changes_nothing_of_its_own_folder()
    {
        File.WriteAllText(Path.Combine(sandbox.Codebase, "secret"), "x");
        var outcome = await ground.With("a.sh", "ls -A /codebase; cat .env; echo changed > a.sh; echo new > made\n").With(".env", "KEY=1").With("data.txt", "d").Run();

        Assert.Equal("a.sh\ndata.txt", ground.Text);
        Assert.IsType<ScriptSucceeded>(outcome);
        Assert.IsType<ScriptSucceeded>(await ground.Run());
        Assert.Equal("a.sh\ndata.txt", ground.Text);
    }
}
