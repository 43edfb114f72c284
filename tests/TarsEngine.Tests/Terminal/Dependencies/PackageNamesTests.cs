using TarsEngine.Configuration;
using TarsEngine.Terminal.Dependencies;
using TarsEngine.Terminal.Failures;

namespace TarsEngine.Tests.Terminal.Dependencies;

public sealed class PackageNamesTests
{
    [Theory]
    [InlineData(Ecosystem.Python, "cv2", "opencv-python")]
    [InlineData(Ecosystem.Python, "sklearn.linear_model", "scikit-learn")]
    [InlineData(Ecosystem.Python, "yaml", "PyYAML")]
    [InlineData(Ecosystem.Python, "PIL.Image", "Pillow")]
    [InlineData(Ecosystem.Python, "bs4", "beautifulsoup4")]
    [InlineData(Ecosystem.Python, "google.protobuf.message", "protobuf")]
    [InlineData(Ecosystem.Node, "lodash/fp", "lodash")]
    [InlineData(Ecosystem.Node, "@scope/name/part", "@scope/name")]
    [InlineData(Ecosystem.Dotnet, "Newtonsoft.Json.Linq", "Newtonsoft.Json")]
    [InlineData(Ecosystem.Dotnet, "Microsoft.CodeAnalysis.CSharp.Syntax", "Microsoft.CodeAnalysis.CSharp")]
    [InlineData(Ecosystem.Dotnet, "Xunit", "xunit")]
    public void A_known_name_has_its_package(Ecosystem ecosystem, string name, string package)
    {
        var missing = Of(ecosystem, name);
        Assert.Equal((package, false), (missing?.Package, missing?.IsGuess));
    }

    [Theory]
    [InlineData(Ecosystem.Python, "some_module.part", "some_module")]
    [InlineData(Ecosystem.Dotnet, "Some.Namespace", "Some.Namespace")]
    public void An_unknown_name_is_a_guess(Ecosystem ecosystem, string name, string package) =>
        Assert.Equal((package, true), (Of(ecosystem, name)!.Package, Of(ecosystem, name)!.IsGuess));

    [Theory]
    [InlineData(Ecosystem.Python, "tkinter")]
    [InlineData(Ecosystem.Python, "distutils.core")]
    [InlineData(Ecosystem.Node, "node:nonsense")]
    [InlineData(Ecosystem.Program, "jq")]
    public void What_no_package_has_is_not_guessed(Ecosystem ecosystem, string name) => Assert.Null(Of(ecosystem, name));

    [Fact]
    public void The_users_table_goes_before_the_built_in_one()
    {
        var settings = new DependencySettings { Names = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["python"] = new Dictionary<string, string> { ["cv2"] = "opencv-python-headless" } } };
        Assert.Equal("opencv-python-headless", new PackageNames(settings).Of(new(Ecosystem.Python, "cv2.dnn", Place: null))!.Package);
    }

    [Fact]
    public void A_package_that_a_tool_names_is_taken_as_it_is() =>
        Assert.Equal("Xunit", new PackageNames(DependencySettings.Default).Of(new(Ecosystem.Dotnet, "Xunit", Place: null, IsPackage: true))!.Package);

    private static MissingPackage? Of(Ecosystem ecosystem, string name) => new PackageNames(DependencySettings.Default).Of(new(ecosystem, name, Place: null));
}
