using System.Net;
using TarsEngine.Permissions;

namespace TarsEngine.Tests.Permissions;

public sealed class NetworkAccessTests
{
    private static readonly RuleOrigin Mine = new(RuleAuthor.User, "config.yaml", 3);

    private static HostRule Rule(string host, Decision decide = Decision.Allow, int port = 443) => new(host, port, decide, Mine);

    private static Decision Decide(string host, int port, params HostRule[] rules) => new NetworkAccess(rules).Decide(host, port).Decision;

    [Fact]
    public void Without_a_rule_every_host_is_denied()
    {
        var decision = NetworkAccess.None.Decide("example.org", 443);
        Assert.Equal((Decision.Deny, null), (decision.Decision, decision.Rule));
    }

    [Theory]
    [InlineData("api.nuget.org")]
    [InlineData("API.NuGet.ORG")]
    [InlineData("api.nuget.org.")]
    public void A_name_is_the_same_in_every_spelling(string host) => Assert.Equal(Decision.Allow, Decide(host, 443, Rule("api.nuget.org")));

    [Fact]
    public void A_rule_speaks_of_its_port_only() => Assert.Equal(Decision.Deny, Decide("api.nuget.org", 80, Rule("api.nuget.org")));

    [Theory]
    [InlineData("a.example.org", Decision.Allow)]
    [InlineData("b.a.example.org", Decision.Allow)]
    [InlineData("example.org", Decision.Deny)]
    [InlineData("evilexample.org", Decision.Deny)]
    [InlineData(".example.org", Decision.Deny)]
    [InlineData("a.example.org.evil.net", Decision.Deny)]
    public void A_star_stands_for_whole_labels(string host, Decision expected) => Assert.Equal(expected, Decide(host, 443, Rule("*.example.org")));

    [Theory]
    [InlineData(Decision.Review)]
    [InlineData(Decision.Deny)]
    public void The_strictest_rule_decides_in_either_order(Decision strict)
    {
        HostRule wide = Rule("*.example.org"), narrow = Rule("a.example.org", strict, HostRule.AnyPort);
        Assert.Equal(strict, Decide("a.example.org", 443, wide, narrow));
        Assert.Equal(strict, Decide("a.example.org", 443, narrow, wide));
        Assert.Equal(narrow, new NetworkAccess([wide, narrow]).Decide("a.example.org", 443).Rule);
        Assert.Equal(strict, Decide("a.example.org", 81, wide, narrow));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("a b")]
    [InlineData("user@example.org")]
    [InlineData("example.org/x")]
    [InlineData("example.org:443")]
    [InlineData("example\0.org")]
    [InlineData("bücher.example.org")]
    [InlineData("\u212Aa.example.org")]
    [InlineData("ｅｘａｍｐｌｅ.org")]
    [InlineData("a.example。org")]
    [InlineData("127.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("0x7f000001")]
    [InlineData("2130706433")]
    [InlineData("1.2.3.4.5")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[127.0.0.1]")]
    public void Attack_A_host_that_programs_read_differently_is_no_host(string host)
    {
        Assert.False(HostName.TryNormalize(host, out _));
        Assert.Equal(Decision.Deny, Decide(host, 443, Rule("*.example.org"), Rule("127.0.0.1")));
    }

    [Theory]
    [InlineData("XN--bcher-kva.Example.", "xn--bcher-kva.example")]
    [InlineData("[::1]", "::1")]
    [InlineData("0:0:0:0:0:0:0:1", "::1")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    public void Attack_Every_spelling_of_a_host_becomes_one(string text, string expected)
    {
        Assert.True(HostName.TryNormalize(text, out var host));
        Assert.Equal(expected, host);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.1.2.3", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("192.168.1.1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("224.0.0.1", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("::1", true)]
    [InlineData("::", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fd00::1", true)]
    [InlineData("ff02::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("::127.0.0.1", true)]
    [InlineData("2002:7f00:1::", true)]
    [InlineData("64:ff9b::7f00:1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("172.32.0.1", false)]
    [InlineData("100.128.0.1", false)]
    [InlineData("2606:4700::1111", false)]
    [InlineData("64:ff9b::808:808", false)]
    public void Private_addresses_are_known(string address, bool expected) => Assert.Equal(expected, HostName.IsPrivate(IPAddress.Parse(address)));

    [Fact]
    public void An_address_is_allowed_by_its_literal_rule_only()
    {
        var access = new NetworkAccess([Rule("10.0.0.5", port: 8443), Rule("*.example.org")]);
        Assert.Equal(Decision.Allow, access.Decide(IPAddress.Parse("::ffff:10.0.0.5"), 8443).Decision);
        Assert.Equal(Decision.Deny, access.Decide(IPAddress.Parse("10.0.0.5"), 443).Decision);
        Assert.Equal(Decision.Deny, access.Decide(IPAddress.Parse("10.0.0.6"), 8443).Decision);
    }
}
