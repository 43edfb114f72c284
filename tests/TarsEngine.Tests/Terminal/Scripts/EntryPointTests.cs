using TarsEngine.Files;
using TarsEngine.Terminal.Scripts;

namespace TarsEngine.Tests.Terminal.Scripts;

public sealed class EntryPointTests
{
    [Theory]
    [InlineData("main.py=x|helper.py=y", "main.py")]
    [InlineData("a.py=if __name__ == '__main__': pass|b.py=y", "a.py")]
    [InlineData("package.json={\"bin\": {\"tool\": \"./lib/cli.js\"}, \"main\": \"index.js\"}|lib/cli.js=x|index.js=y", "lib/cli.js")]
    [InlineData("package.json={\"main\": \"lib\"}|lib/index.js=x|other.js=y", "lib/index.js")]
    [InlineData("package.json={broken|index.js=y", "index.js")]
    [InlineData("go=#!/bin/sh\n|data.txt=x", "go")]
    [InlineData("a.cs=Console.WriteLine(1);|b.cs=class B { }", "a.cs")]
    [InlineData("a.cs=class A { static void Main() { } }|b.cs=class B { void Main() { } }", "a.cs")]
    [InlineData("App.csproj=<Project/>|Program.cs=Console.WriteLine(1);", "App.csproj")]
    [InlineData("only.js=x|README.md=y", "only.js")]
    [InlineData("README.md=y|src/main.py=x|src/b.py=x", "src/main.py")]
    public void The_surest_sign_decides(string files, string expected) => Assert.Equal(expected, Find(files).Found?.Path.Value);

    [Theory]
    [InlineData("a.py=x|b.py=y", "'a.py' (a script like the others), 'b.py'")]
    [InlineData("main.py=x|main.sh=y", "'main.py' (its name), 'main.sh' (its name)")]
    [InlineData("a.csproj=x|b.csproj=y", "'a.csproj'")]
    [InlineData("README.md=x|LICENSE=y", "There is no script to run")]
    [InlineData("Cargo.toml=x|src/main.rs=y", "a project (rust)")]
    public void Nothing_is_guessed(string files, string message)
    {
        var (found, refused) = Find(files);
        Assert.Null(found);
        Assert.Contains(message, refused!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_language_that_was_asked_for_decides_between_languages() =>
        Assert.Equal("main.sh", Find("main.py=x|main.sh=y", ScriptLanguage.Shell).Found?.Path.Value);

    [Fact]
    public void A_file_alone_has_the_language_of_its_name_its_first_line_or_the_users_word()
    {
        Assert.Equal(ScriptLanguage.Python, Find("x.py=").Found?.Language);
        Assert.Equal(ScriptLanguage.Python, Find("x=#!/usr/bin/env -S python3 -u\n").Found?.Language);
        Assert.Equal(ScriptLanguage.JavaScript, Find("x.txt=", ScriptLanguage.JavaScript).Found?.Language);
        Assert.Contains("can't be told", Find("x.txt=").Refused!.Reason, StringComparison.Ordinal);
    }

    private static (EntryPoint? Found, ScriptRefused? Refused) Find(string files, ScriptLanguage? wanted = null)
    {
        var texts = files.Split('|').Select(file => file.Split('=', 2)).ToDictionary(pair => RepositoryPath.Parse(pair[0]), pair => pair[1]);
        return new EntryPointFinder([.. texts.Keys], path => texts[path], wanted).Find();
    }
}
