using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Access;

/// <summary>Guessing passwords is slow, and keeps nobody out but who guesses.</summary>
public sealed class GuessTests
{
    private const string Guessing = "203.0.113.1", Home = "198.51.100.1", Abroad = "192.0.2.1";

    private static readonly (string, string)[] Settings =
        [("ACCESS", "closed"), ("RATE_LIMIT_SIGN_IN", "0"), ("SECRET_KEY", Hosting.TestHost.Secret)];

    private static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Wrong_passwords_from_one_address_keep_nobody_out_elsewhere(Provider provider)
    {
        var clock = new ManualClock(Start);
        await using var desk = await StartAsync(provider, clock);
        var email = (await desk.AddPersonAsync(Role.agent)).Email!;
        for (var hour = 0; hour < 3; hour++)
        {
            for (var i = 0; i < 10; i++)
                Assert.NotEqual(HttpStatusCode.Redirect, await TryAsync(desk, Guessing, email, "wrong"));
            Assert.Equal(HttpStatusCode.Redirect, await TryAsync(desk, Home, email, People.Password));
            clock.Advance(TimeSpan.FromHours(1));
        }
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(desk, "2001:db8::1", email, People.Password));
    }

    [Theory, Providers]
    public async Task Who_guesses_waits_longer_each_time_and_the_right_password_forgives(Provider provider)
    {
        var clock = new ManualClock(Start);
        await using var desk = await StartAsync(provider, clock);
        var email = (await desk.AddPersonAsync(Role.agent)).Email!;
        await FailAsync(4);
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(desk, Guessing, email, People.Password)); // and the count begins anew
        await FailAsync(5);
        foreach (var minutes in (int[])[1, 2, 4, 8, 15, 15])
        {
            Assert.Equal($"429 after {minutes * 60}", await WaitAsync());
            clock.Advance(TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1));
            Assert.Equal("429 after 1", await WaitAsync());
            clock.Advance(TimeSpan.FromSeconds(1));
            await FailAsync(1);
        }
        // All addresses of a subscriber are one, those of others are not.
        clock.Advance(TimeSpan.FromHours(24));
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.BadRequest, await TryAsync(desk, $"2001:db8:0:1::{i + 1}", email, "wrong"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await TryAsync(desk, "2001:db8:0:1:ffff::9", email, People.Password));
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(desk, "2001:db8:0:2::1", email, People.Password));
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(desk, Guessing, email, People.Password)); // a day later nothing is left of it

        async Task FailAsync(int times)
        {
            for (var i = 0; i < times; i++) Assert.Equal(HttpStatusCode.BadRequest, await TryAsync(desk, Guessing, email, "wrong"));
        }

        async Task<string> WaitAsync()
        {
            using var client = desk.ClientFrom(Guessing);
            using var answer = await client.SignInAsync(email, People.Password);
            var page = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.Contains("Wrong passwords were tried too often. Try again in ", page);
            return $"{(int)answer.StatusCode} after {answer.Headers.RetryAfter}";
        }
    }

    [Theory, Providers]
    public async Task A_known_device_is_let_in_while_the_whole_world_guesses_and_any_other_waits_a_minute_at_most(Provider provider)
    {
        var clock = new ManualClock(Start);
        await using var desk = await StartAsync(provider, clock);
        await using var other = Desk.Start(desk.Database, clock, services: s => s.AddTestAddresses(), settings: Settings);
        var (ada, eve) = (await desk.AddPersonAsync(Role.agent, "Ada"), await desk.AddPersonAsync(Role.agent, "Eve"));
        using var adas = await KnownAsync(desk, ada);
        using var eves = await KnownAsync(desk, eve);
        for (var i = 0; i < 60; i++)
        {
            Assert.NotEqual(HttpStatusCode.Redirect, await TryAsync(i % 2 == 0 ? desk : other, $"10.1.{i}.1", ada.Email!, "wrong"));
            if (i >= 30) clock.Advance(TimeSpan.FromSeconds(20));
        }
        // Her own browser, wherever it is; nobody else's, and not one whose cookie somebody made up.
        adas.MoveTo(Abroad);
        eves.MoveTo(Abroad);
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(adas, ada.Email!, People.Password));
        Assert.Equal(HttpStatusCode.TooManyRequests, await TryAsync(eves, ada.Email!, People.Password));
        using var forger = desk.ClientFrom(Abroad);
        forger.DefaultRequestHeaders.Add("Cookie", $"support-tickets-device-{ada.Id}=CfDJ8made-up");
        Assert.Equal(HttpStatusCode.TooManyRequests, await TryAsync(forger, ada.Email!, People.Password));
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(eves, eve.Email!, People.Password));

        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(other, Home, ada.Email!, People.Password));
    }

    [Theory, Providers]
    public async Task Guesses_on_a_known_device_are_counted_there_and_slow_nobody_else(Provider provider)
    {
        var clock = new ManualClock(Start);
        await using var desk = await StartAsync(provider, clock);
        var ada = await desk.AddPersonAsync(Role.agent, "Ada");
        using var device = await KnownAsync(desk, ada);
        for (var i = 0; i < 5; i++)
        {
            device.MoveTo($"10.2.{i}.1");
            Assert.Equal(HttpStatusCode.BadRequest, await TryAsync(device, ada.Email!, "wrong"));
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, await TryAsync(device, ada.Email!, People.Password));
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(desk, Home, ada.Email!, People.Password));
    }

    [Theory, Providers]
    public async Task Whether_there_is_an_account_cannot_be_told_from_how_long_one_waits(Provider provider)
    {
        await using var desk = await StartAsync(provider, new ManualClock(Start));
        var (here, gone) = (await desk.AddPersonAsync(Role.agent, "Here"), await desk.AddPersonAsync(Role.agent, "Gone"));
        await using (var db = desk.Database.Open())
        {
            await db.People.Where(p => p.Id == gone.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.DeactivatedAt, Start.UtcDateTime), Cancel);
        }
        var told = new List<string>();
        foreach (var email in (string[])[here.Email!, gone.Email!, "nobody@example.com"])
        {
            var answers = new List<string>();
            for (var i = 0; i < 7; i++)
            {
                using var client = desk.ClientFrom(Guessing);
                using var answer = await client.SignInAsync(i % 2 == 0 ? email : email.ToUpperInvariant(), "wrong");
                answers.Add($"{(int)answer.StatusCode} {answer.Headers.RetryAfter}");
            }
            told.Add(string.Join(", ", answers));
        }
        Assert.Equal(["400 , 400 , 400 , 400 , 400 , 429 60, 429 60"], told.Distinct());
    }

    [Theory, Providers]
    public async Task Guesses_that_are_sent_side_by_side_to_two_instances_count_like_others(Provider provider)
    {
        var clock = new ManualClock(Start);
        await using var desk = await StartAsync(provider, clock);
        await using var other = Desk.Start(desk.Database, clock, services: s => s.AddTestAddresses(), settings: Settings);
        var email = (await desk.AddPersonAsync(Role.agent)).Email!;
        foreach (var from in (Func<int, string>[])[_ => Guessing, n => $"10.3.{n}.1"])
        {
            var guesses = Enumerable.Range(0, 24).Select(n => Task.Run(() => TryAsync(n % 2 == 0 ? desk : other, from(n), email, "wrong")));
            var answers = await Task.WhenAll(guesses);
            Assert.Equal(from(1) == Guessing ? 5 : 15, answers.Count(status => status is HttpStatusCode.BadRequest)); // 20 of one account
            Assert.All(answers, status => Assert.True(status is HttpStatusCode.BadRequest or HttpStatusCode.TooManyRequests));
        }
    }

    private static Task<Desk> StartAsync(Provider provider, TimeProvider clock) =>
        Desk.StartAsync(provider, clock, services: s => s.AddTestAddresses(), settings: Settings);

    // A browser in which the person signed in and out again.
    private static async Task<HttpClient> KnownAsync(Desk desk, Person person)
    {
        var client = desk.ClientFrom(Home);
        Assert.Equal(HttpStatusCode.Redirect, await TryAsync(client, person.Email!, People.Password));
        return client;
    }

    private static async Task<HttpStatusCode> TryAsync(Desk desk, string address, string email, string password)
    {
        using var client = desk.ClientFrom(address);
        return await TryAsync(client, email, password);
    }

    private static async Task<HttpStatusCode> TryAsync(HttpClient client, string email, string password)
    {
        using var answer = await client.SignInAsync(email, password);
        if (answer.StatusCode is HttpStatusCode.Redirect)
            (await client.PostFormAsync("/settings/account", "/sign-out")).Dispose();
        return answer.StatusCode;
    }
}
