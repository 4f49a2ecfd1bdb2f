using System.Net;
using Microsoft.Extensions.Configuration;
using SupportTickets.Access.Limits;
using SupportTickets.Configuration;

namespace SupportTickets.Tests.Configuration;

/// <summary>RATE_LIMIT_* and TRUSTED_PROXIES as they are set, and by what an address is counted.</summary>
public sealed class RateTests
{
    private static readonly AddressBuckets Places = new([]);

    [Theory]
    [InlineData("20/min", 20, 60)]
    [InlineData(" 1 / s ", 1, 1)]
    [InlineData("500/h", 500, 3600)]
    [InlineData("1000000/day", 1_000_000, 86_400)]
    public void A_rate_is_a_number_for_a_time(string text, int count, int seconds) =>
        Assert.Equal(new Rate(count, TimeSpan.FromSeconds(seconds)), Read(("ACCESS", "open"), ("RATE_LIMIT_API", text)).Rates.Api);

    [Theory]
    [InlineData("RATE_LIMIT_SIGN_IN", "20")]
    [InlineData("RATE_LIMIT_SIGN_IN", "20 per minute")]
    [InlineData("RATE_LIMIT_ANONYMOUS", "0/min")]
    [InlineData("RATE_LIMIT_ANONYMOUS", "-1/min")]
    [InlineData("RATE_LIMIT_ANONYMOUS", "1.5/min")]
    [InlineData("RATE_LIMIT_API", "1000001/s")]
    [InlineData("RATE_LIMIT_API", "20/month")]
    [InlineData("RATE_LIMIT_API", "20/min/s")]
    [InlineData("RATE_LIMIT_API", "none")]
    public void What_cannot_be_meant_is_refused_by_name(string name, string text) => Assert.Equal(
        $"{name} must be like 20/min, with 1 to 1000000 for each s, min, h, day, or 0 for no limit, but is \"{text}\".",
        Assert.Throws<SettingException>(() => Read((name, text))).Message);

    [Fact]
    public void An_open_desk_limits_nothing_unless_it_is_set_and_any_other_one_everything_unless_it_is_set_to_0()
    {
        var minute = TimeSpan.FromMinutes(1);
        Assert.Equal(new Rates(null, null, null), Read().Rates);
        Assert.Equal(new Rates(null, null, null), Read(("RATE_LIMIT_SIGN_IN", "")).Rates);
        Assert.Equal(new Rates(null, new(5, minute), null), Read(("RATE_LIMIT_ANONYMOUS", "5/min")).Rates);
        Assert.Equal(new Rates(new(20, minute), new(30, minute), new(1200, minute)), Read(("ACCESS", "submit")).Rates);
        Assert.Equal(
            new Rates(null, new(30, minute), null),
            Read(("ACCESS", "closed"), ("RATE_LIMIT_SIGN_IN", "0"), ("RATE_LIMIT_API", " 0 "), ("RATE_LIMIT_ANONYMOUS", "")).Rates);
    }

    [Fact]
    public void Proxies_are_addresses_and_networks()
    {
        Assert.Empty(Read(("TRUSTED_PROXIES", " , ")).TrustedProxies);
        Assert.Equal(
            ["10.0.0.7/32", "10.0.0.0/8", "172.16.0.0/12", "fd00::/8", "::1/128"],
            Read(("TRUSTED_PROXIES", "10.0.0.7, 10.0.0.0/8,172.16.5.6/12,fd00::/8,::1")).TrustedProxies.Select(n => n.ToString()));
    }

    [Theory]
    [InlineData("proxy.example.com")]
    [InlineData("10")]
    [InlineData("10.1")]
    [InlineData("10/8")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("*")]
    public void A_proxy_that_is_neither_is_refused_by_name(string text) => Assert.Equal(
        $"TRUSTED_PROXIES takes addresses and networks like 10.0.0.7, 10.0.0.0/8 or fd00::/8, but has \"{text}\".",
        Assert.Throws<SettingException>(() => Read(("TRUSTED_PROXIES", $"10.0.0.1,{text}"))).Message);

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("198.51.100.7", "::ffff:198.51.100.7", true)]
    [InlineData("198.51.100.7", "198.51.100.8", false)]
    [InlineData("198.51.100.7", null, false)]
    public void An_address_of_IPv6_counts_as_its_first_64_bits(string one, string? other, bool same) =>
        Assert.Equal(same, Places.Of(IPAddress.Parse(one)) == Places.Of(other is null ? null : IPAddress.Parse(other)));

    [Fact]
    public void However_many_addresses_ask_the_places_they_are_counted_at_are_bounded()
    {
        var bytes = new byte[16];
        var places = new HashSet<int>();
        for (var i = 0; i < 4 * AddressBuckets.Count; i++)
        {
            BitConverter.TryWriteBytes(bytes, i);
            places.Add(Places.Of(new IPAddress(bytes)));
        }
        Assert.InRange(places.Count, AddressBuckets.Count / 2, AddressBuckets.Count);
        Assert.True(places.All(place => place is >= 0 and < AddressBuckets.Count));
        Assert.NotEqual(Places.Of(IPAddress.Loopback), new AddressBuckets([1, 2, 3]).Of(IPAddress.Loopback));
    }

    private static Settings Read(params (string Name, string Value)[] set) => Settings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(set.ToDictionary(s => s.Name, s => (string?)s.Value)).Build());
}
