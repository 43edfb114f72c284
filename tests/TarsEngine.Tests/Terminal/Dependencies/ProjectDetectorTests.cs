using TarsEngine.Files;
using TarsEngine.Terminal.Dependencies;

namespace TarsEngine.Tests.Terminal.Dependencies;

public sealed class ProjectDetectorTests
{
    [Theory]
    [InlineData("App.slnx|App/App.csproj|App/packages.lock.json", "Dotnet App.slnx|Dotnet App/App.csproj App/packages.lock.json")]
    [InlineData("package.json|package-lock.json|node_modules/x/package.json", "Node package.json package-lock.json")]
    [InlineData("pyproject.toml|uv.lock|requirements.txt", "Python pyproject.toml uv.lock")]
    [InlineData("requirements.txt", "Python requirements.txt")]
    [InlineData("Cargo.toml|Cargo.lock|target/debug/Cargo.toml", "Rust Cargo.toml Cargo.lock")]
    [InlineData("go.mod|go.sum|vendor/x/go.mod", "Go go.mod go.sum")]
    [InlineData("pom.xml|core/pom.xml", "Java pom.xml")]
    [InlineData("build.gradle|settings.gradle.kts|gradle.lockfile", "Java settings.gradle.kts gradle.lockfile")]
    [InlineData("CMakeLists.txt|src/CMakeLists.txt", "Cmake CMakeLists.txt")]
    [InlineData("web/package.json|web/yarn.lock|api/api.csproj|tools/setup.py", "Dotnet api/api.csproj|Python tools/setup.py|Node web/package.json web/yarn.lock")]
    [InlineData("README.md|src/main.c|.csproj", "")]
    public void Projects_are_told_by_names(string files, string expected) => Assert.Equal(expected, string.Join('|', ProjectDetector.Find(
        files.Split('|').Select(RepositoryPath.Parse)).Select(project => $"{project.Kind} {project.Manifest}{(project.Lock is { } held ? $" {held}" : "")}")));
}
