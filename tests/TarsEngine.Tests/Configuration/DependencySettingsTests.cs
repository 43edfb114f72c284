using TarsEngine.Configuration;

namespace TarsEngine.Tests.Configuration;

public sealed class DependencySettingsTests
{
    [Fact]
    public void Without_a_word_no_package_may_be_installed() =>
        Assert.False(ConfigurationLoader.Load(null, null).Configuration.Dependencies.Allows("left-pad"));

    [Fact]
    public void The_users_file_allows_packages_by_name_and_pattern_and_names_their_sources()
    {
        var result = ConfigurationLoader.Load("dependencies: {allow: [PyYAML, '@types/*'], names: {python: {cv2: opencv-python-headless}}, sources: {python: /srv/wheels, node: 'https://npm.example.org'}}", null);

        Assert.Empty(result.Problems);
        var settings = result.Configuration.Dependencies;
        Assert.True(settings.Allows("pyyaml") && settings.Allows("@types/node"));
        Assert.False(settings.Allows("types") || settings.Allows("pyyaml2"));
        Assert.Equal("opencv-python-headless", settings.Names["python"]["cv2"]);
        Assert.Equal("/srv/wheels", settings.Sources["python"]);
    }

    [Fact]
    public void Attack_a_codebases_file_allows_itself_packages_and_other_names_for_them()
    {
        var result = ConfigurationLoader.Load(null, "dependencies: {allow: ['*'], names: {python: {yaml: evil}}, sources: {python: 'https://evil.example/'}}");

        Assert.Equal("dependencies", Assert.Single(result.Notices).Key);
        Assert.Equivalent(DependencySettings.Default, result.Configuration.Dependencies, strict: true);
    }

    [Theory]
    [InlineData("dependencies: {allow: ['--index-url=https://evil.example']}", "no name of a package")]
    [InlineData("dependencies: {allow: ['../up']}", "no name of a package")]
    [InlineData("dependencies: {names: {python: {cv2: '-r /etc/passwd'}}}", "no name of a package")]
    [InlineData("dependencies: {names: {perl: {cv2: x}}}", "perl")]
    [InlineData("dependencies: {sources: {python: relative}}", "neither an absolute folder")]
    [InlineData("dependencies: {sources: {python: 'http://pypi.org/simple'}}", "neither an absolute folder")]
    [InlineData("dependencies: {sources: {python: 'https://user:secret@pypi.org/simple'}}", "neither an absolute folder")]
    public void What_no_package_or_source_can_be_is_a_problem(string text, string message) =>
        Assert.Contains(message, Assert.Single(ConfigurationLoader.Load(text, null).Problems).Message, StringComparison.Ordinal);
}
