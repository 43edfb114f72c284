namespace TarsEngine.Validation.Syntax.Toolchain;

/// <summary>How a language's own toolchain parses files, inside the sandbox and without running them.</summary>
/// <param name="Language">Part of the rule's id: 'python' makes 'syntax/python'.</param>
/// <param name="Toolchain">What must be there, for people.</param>
/// <param name="Script">
/// For the shell. Finds the files, named by number, in its working folder; answers '@number:line:column:message' for each problem (0 for what it can't tell),
/// '@missing' where the toolchain isn't there, and '@done' when it has looked at all of them.
/// </param>
internal sealed record LanguageChecker(string Language, string Toolchain, IReadOnlyList<string> Extensions, string Script)
{
    private const string Done = "echo @done\n";

    public static IReadOnlyList<LanguageChecker> All { get; } =
    [
        new("python", "python3", [".py", ".pyi"], $$"""
            command -v python3 >/dev/null || { echo @missing; exit; }
            python3 -I -S - <<'EOF'
            import os, warnings
            warnings.simplefilter("ignore")
            for name in sorted(os.listdir(".")):
                number = name.split(".")[0]
                try:
                    with open(name, "rb") as source:
                        compile(source.read(), name, "exec", dont_inherit=True)
                except SyntaxError as fault:
                    print("@%s:%d:%d:%s" % (number, fault.lineno or 0, fault.offset or 0, " ".join((fault.msg or "").split())))
                except (ValueError, RecursionError, MemoryError) as fault:
                    print("@%s:0:0:%s" % (number, " ".join(str(fault).split())))
            print("@done")
            EOF
            """),
        new("javascript", "node", [".js", ".mjs", ".cjs"], $$"""
            command -v node >/dev/null || { echo @missing; exit; }
            node --no-warnings --experimental-vm-modules - <<'EOF'
            const fs = require('fs'), vm = require('vm');
            const asScript = (code, filename) => new vm.Script('(function (exports, require, module, __filename, __dirname) {' + code.replace(/^#!/, '//') + '\n})', { filename });
            const asModule = (code, filename) => new vm.SourceTextModule(code, { identifier: filename, context: vm.createContext() });
            for (const name of fs.readdirSync('.').sort()) {
              const code = fs.readFileSync(name, 'utf8').replace(/^\ufeff/, '');
              const ways = name.endsWith('.mjs') ? [asModule] : name.endsWith('.cjs') ? [asScript] : /^\s*(import|export)\b/m.test(code) ? [asScript, asModule] : [asModule, asScript];
              let fault;
              for (const way of ways) { try { way(code, name); fault = undefined; break; } catch (error) { fault = error; } }
              if (!fault) continue;
              // The module's parser keeps its place to itself; the program tells it.
              if (!/:\d+$/.test(String(fault.stack).split('\n')[0])) {
                fs.writeFileSync('/tmp/one.mjs', code);
                fault = { message: fault.message, stack: require('child_process').spawnSync(process.execPath, ['--check', '/tmp/one.mjs'], { encoding: 'utf8', timeout: 10000 }).stderr };
              }
              const place = String(fault.stack).split('\n'), line = /:(\d+)$/.exec(place[0]), caret = place.findIndex(text => /^\s*\^+\s*$/.test(text));
              console.log(`@${name.split('.')[0]}:${line ? line[1] : 0}:${caret > 0 ? place[caret].indexOf('^') + 1 : 0}:${String(fault.message).replace(/\s+/g, ' ')}`);
            }
            console.log('@done');
            EOF
            """),
        new("typescript", "node with the package typescript", [".ts", ".tsx", ".mts", ".cts", ".jsx"], $$"""
            command -v node >/dev/null || { echo @missing; exit; }
            node --no-warnings - <<'EOF'
            const fs = require('fs'), path = require('path');
            const above = path.join(path.dirname(fs.realpathSync(process.execPath)), '..');
            const found = [above + '/lib/node_modules/typescript', '/usr/share/nodejs/typescript', '/usr/lib/node_modules/typescript', '/usr/local/lib/node_modules/typescript'].find(folder => fs.existsSync(folder));
            if (!found) { console.log('@missing'); process.exit(); }
            const ts = require(found);
            for (const name of fs.readdirSync('.').sort()) {
              const file = ts.createSourceFile(name, fs.readFileSync(name, 'utf8'), ts.ScriptTarget.Latest, false);
              for (const fault of (file.parseDiagnostics || []).slice(0, 20)) {
                const at = file.getLineAndCharacterOfPosition(fault.start || 0);
                console.log(`@${name.split('.')[0]}:${at.line + 1}:${at.character + 1}:${ts.flattenDiagnosticMessageText(fault.messageText, ' ').replace(/\s+/g, ' ')}`);
              }
            }
            console.log('@done');
            EOF
            """),
        new("shell", "sh", [".sh", ".bash"], """
            for name in *; do
                shell=bash
                case $(head -c 100 "$name" | head -n 1) in '#!'*bash*) ;; '#!'*zsh*|'#!'*ksh*|'#!'*fish*) continue ;; '#!'*sh*) shell=sh ;; esac
                command -v $shell >/dev/null || shell=sh
                $shell -n "./$name" >/tmp/said 2>&1 && continue
                sed -n "s/^[^:]*: \(line \)\{0,1\}\([0-9][0-9]*\): \(.*\)/@${name%%.*}:\2:0:\3/p" /tmp/said | head -n 5
            done
            """ + "\n" + Done),
        new("go", "gofmt", [".go"], """
            command -v gofmt >/dev/null || { echo @missing; exit; }
            gofmt -e -l *.go >/dev/null 2>/tmp/said || grep -q '\.go:[0-9]' /tmp/said || exit
            sed -n 's/^\(.*\/\)\{0,1\}\([0-9][0-9]*\)\.go:\([0-9]*\):\([0-9]*\): \(.*\)/@\2:\3:\4:\5/p' /tmp/said
            """ + "\n" + Done),
        new("rust", "rustfmt", [".rs"], """
            command -v rustfmt >/dev/null || { echo @missing; exit; }
            for name in *.rs; do
                rustfmt --edition 2021 --emit stdout <"$name" >/dev/null 2>/tmp/said && continue
                grep -q '^error' /tmp/said || exit
                awk -v number="${name%%.*}" '/^error/ && !said { said = $0; sub(/^error[^:]*: /, "", said) } /--> <stdin>:/ && said { split($0, at, ":"); print "@" number ":" at[2] ":" at[3] ":" said; said = "" }' /tmp/said | head -n 5
            done
            """ + "\n" + Done),
        new("java", "javac", [".java"], """
            command -v javac >/dev/null || { echo @missing; exit; }
            javac -encoding UTF-8 -proc:none -implicit:none -XDshould-stop.ifError=PARSE -XDshould-stop.ifNoError=PARSE -d /tmp/classes *.java >/tmp/said 2>&1 || grep -q '^[0-9]*\.java:[0-9]*: error: ' /tmp/said || exit
            sed -n 's/^\([0-9][0-9]*\)\.java:\([0-9]*\): error: \(.*\)/@\1:\2:0:\3/p' /tmp/said
            """ + "\n" + Done),
        // Without its headers a file says much that is not wrong with it; what hangs on no name counts, and no more.
        new("c", "gcc", [".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh"], """
            command -v gcc >/dev/null || { echo @missing; exit; }
            for name in *; do
                language=c; case $name in *.c) ;; *) if command -v g++ >/dev/null; then language=c++; else continue; fi ;; esac
                sed 's/^[[:space:]]*#[[:space:]]*include.*//' "$name" | LC_ALL=C gcc -fsyntax-only -fno-diagnostics-show-caret -x $language - 2>&1 |
                    sed -n "s/^<stdin>:\([0-9]*\):\([0-9]*\): error: \(missing terminating .*\|unterminated .*\|stray .*\|expected declaration or statement at end of input\|expected '}' at end of input.*\)/@${name%%.*}:\1:\2:\3/p" | head -n 5
            done
            """ + "\n" + Done),
        new("fsharp", "the F# compiler of the .NET SDK", [".fs", ".fsi", ".fsx"], """
            sdk=$(dirname "$(readlink -f "$(command -v dotnet || echo /none)")")
            compiler=$(ls -d "$sdk"/sdk/*/FSharp/fsc.dll 2>/dev/null | tail -n 1)
            [ -n "$compiler" ] || { echo @missing; exit; }
            for name in *; do
                dotnet "$compiler" --nologo --parseonly "./$name" >/tmp/said 2>&1
                # What it says of the option itself shows that it ran.
                grep -q FS0075 /tmp/said || exit
                sed -n "s/^.*[0-9]\.fs[ix]\{0,1\}(\([0-9]*\),\([0-9]*\)): error \(FS[0-9]*: .*\)/@${name%%.*}:\1:\2:\3/p" /tmp/said | grep -v FS0222 | head -n 5
            done
            """ + "\n" + Done),
    ];

    public static LanguageChecker? For(string fileName)
    {
        var extension = Path.GetExtension(fileName);
        return All.FirstOrDefault(checker => checker.Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase));
    }
}
