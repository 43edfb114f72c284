using TarsEngine.Changes;
using TarsEngine.Validation.Quality;

namespace TarsEngine.Tests.Validation.Quality;

/// <summary>Secrets that are put together here, so that this file holds none.</summary>
public sealed class SecretTests
{
    private static string Random(int length, string letters = "0a9Zb8Yc7Xd6We5Vf4Ug3Th2Si1RjQkPlOmNn") => string.Concat(Enumerable.Range(0, length).Select(i => letters[i * 7 % letters.Length]));

    public static TheoryData<string> Known =>
    [
        "aws = \"AKIA" + Random(16, "Q4R7W2T9Y3U6P8") + "\"", "ghp_" + Random(36), "glpat-" + Random(20), "xoxb-" + Random(30), "\"sk_live_" + Random(24) + "\"", "AIza" + Random(35), "//registry/:_authToken=npm_" + Random(36),
        "oy2" + Random(43, "a7b3k9m2x5q8"), "AccountName=a;AccountKey=" + Random(86) + "==;", "OPENAI=sk-proj-" + Random(48), "SG." + Random(22) + "." + Random(43),
        "postgres://admin:" + Random(12) + "@db.internal.net/app", "Server=db1;Database=app;User Id=sa;Password=" + Random(12) + ";",
    ];

    [Theory]
    [MemberData(nameof(Known))]
    public void What_has_the_form_of_a_key_or_a_password_is_held(string line)
    {
        Assert.Equal(Severity.Hold, SecretScan.Find(line, isTest: false)?.Severity);
        Assert.NotEqual(Severity.Hold, SecretScan.Find(line, isTest: true)?.Severity);
        Assert.DoesNotContain(line[^10..], SecretScan.Find(line, isTest: false)?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_its_name_and_its_randomness_tell_is_a_warning() =>
        Assert.Equal(Severity.Warning, SecretScan.Find($"var apiKey = \"{Random(32)}\";", isTest: false)?.Severity);

    [Theory]
    [InlineData("aws = \"AKIAIOSFODNN7EXAMPLE\"")]
    [InlineData("password = \"correct-horse-battery-staple\"")]
    [InlineData("var password = GetPassword();")]
    [InlineData("Password=${DB_PASSWORD};Server=x")]
    [InlineData("Server=localhost;Database=a;User Id=sa;Password=S0meThing12;")]
    [InlineData("https://user:password@example.org/")]
    [InlineData("git@github.com:datalust/superpower.git")]
    [InlineData("var apiKey = \"your-api-key-goes-here-1\";")]
    [InlineData("public const string TokenName = \"SuperpowerTokenListParserExtensions\";")]
    [InlineData("<PackageReference Include=\"Secret.Store\" Version=\"1.2.3\" />")]
    [InlineData("sha512-2jdR8SlO6TUFsv6A0z9xQ3rD5pY7kL1mN4bV8cX6wZ0==")]
    [InlineData("\"contentHash\": \"Qm8d2Z5cWkTq1Yy7Lr9XbN3vHs6JfPg4UaEoIiRtMz0=\"")]
    public void What_is_none_is_left_in_peace(string line) => Assert.Null(SecretScan.Find(line, isTest: false));

    [Fact]
    public void Attack_a_line_of_megabytes_takes_no_time()
    {
        var line = "password=\"" + new string('a', 10_000_000);
        Assert.Null(SecretScan.Find(line, isTest: false));
    }
}
