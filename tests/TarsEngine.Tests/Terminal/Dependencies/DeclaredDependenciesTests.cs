using TarsEngine.Terminal.Dependencies;

namespace TarsEngine.Tests.Terminal.Dependencies;

public sealed class DeclaredDependenciesTests
{
    [Fact]
    public void Requirements_are_names_with_versions_hashes_markers_and_comments() => Assert.Equal(
        ["PyYAML", "requests", "numpy", "idna"],
        DeclaredDependencies.OfRequirements("# all\nPyYAML==6.0 \\\n  --hash=sha256:00ff \\\n  --hash=sha256:aa11\nrequests[socks] >= 2.0, < 3  # why\n\nnumpy ; python_version > '3.8'\nidna\n").Packages);

    [Theory]
    [InlineData("--index-url https://evil.example/simple")]
    [InlineData("--extra-index-url=https://evil.example")]
    [InlineData("-e .")]
    [InlineData("-r other.txt")]
    [InlineData("git+https://evil.example/x.git")]
    [InlineData("yaml @ https://evil.example/yaml.whl")]
    [InlineData("./local.whl")]
    public void Attack_a_requirement_chooses_another_place(string line) => Assert.NotNull(DeclaredDependencies.OfRequirements("idna\n" + line + "\n").Problem);

    [Fact]
    public void A_package_json_names_what_it_needs_directly() => Assert.Equal(
        ["a", "@b/c", "d"], DeclaredDependencies.OfPackageJson("{\"dependencies\": {\"a\": \"1\", \"@b/c\": \"2\"}, \"devDependencies\": {\"x\": \"1\"}, \"optionalDependencies\": {\"d\": \"1\"}}").Packages);

    [Fact]
    public void A_broken_package_json_is_a_problem() => Assert.NotNull(DeclaredDependencies.OfPackageJson("{").Problem);
}
