using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Access.Accounts;
using SupportTickets.Access.Links;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Hosting;
using SupportTickets.Tests.Pages;

namespace SupportTickets.Tests.Access;

public sealed class SetupTests
{
    private const string Button = "main button";

    private static readonly DateTimeOffset Start = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task The_link_makes_the_first_administrator_who_is_signed_in_and_then_works_no_more(Provider provider)
    {
        (string, string)[] settings = [("ACCESS", "closed"), ("SECRET_KEY", TestHost.Secret)];
        await using var desk = await Desk.StartAsync(provider, settings: settings);
        await using var other = Desk.Start(desk.Database, settings: settings);
        var code = desk.Services.GetRequiredService<SetupLink>().Create();
        var site = new Site(other);
        var form = await site.GetAsync($"/setup?code={Uri.EscapeDataString(code)}");
        Assert.Equal("Set up this desk", form.Text("h1"));

        var wrong = await site.PressAsync(form, Button, ("name", " "), ("email", "nobody"), ("password", "short"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal(
            [
                "Enter a name.",
                "Enter the e-mail address like name@example.com.",
                "Choose a password of at least 12 characters: a few words are easy to remember.",
            ],
            wrong.Texts(".problem li"));
        Assert.Equal(["nobody", ""], new[] { wrong.Value("email"), wrong.Value("password") });

        var made = await site.PressAsync(
            wrong, Button, ("name", "  Ada   Lovelace "), ("email", "ada@example.com"), ("password", People.Password));
        Assert.Equal((HttpStatusCode.Redirect, "/"), (made.Status, made.Location));
        Assert.Equal("Ada Lovelace", (await site.GetAsync("/")).Text(".bar .me"));

        Assert.Equal(HttpStatusCode.NotFound, (await new Site(desk).GetAsync($"/setup?code={Uri.EscapeDataString(code)}")).Status);
        var again = await site.PressAsync(form, Button, ("name", "Eve"), ("email", "eve@example.com"), ("password", People.Password));
        Assert.NotEqual(HttpStatusCode.Redirect, again.Status);
        await using var db = desk.Database.Open();
        var ada = await db.People.SingleAsync(Cancel);
        Assert.Equal(("Ada Lovelace", "ada@example.com", Role.admin), (ada.Name, ada.Email, ada.Role));
        Assert.DoesNotContain("horse", ada.PasswordHash);
        Assert.Equal(AccessAction.person_created, Assert.Single(db.AccessLog).Act);
    }

    [Fact]
    public async Task A_code_holds_for_a_day_and_only_ours_counts()
    {
        var clock = new ManualClock(Start);
        await using var desk = await Desk.StartAsync(Provider.Sqlite, clock, settings: ("ACCESS", "submit"));
        var code = desk.Services.GetRequiredService<SetupLink>().Create();
        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(code));
        clock.Advance(TimeSpan.FromSeconds(1));
        foreach (var bad in (string?[])[code, "", null, "abc", code[..^2], "%00"])
            Assert.Equal((bad, HttpStatusCode.NotFound), (bad, await StatusAsync(bad)));

        async Task<HttpStatusCode> StatusAsync(string? text) =>
            (await desk.Client.GetAsync(text is null ? "/setup" : $"/setup?code={Uri.EscapeDataString(text)}", Cancel)).StatusCode;
    }

    [Theory, Providers]
    public async Task Of_many_who_are_first_at_once_one_is(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var tries = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
        {
            await using var scope = desk.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<CreatePerson>().HandleFirstAsync(
                new($"Person {i}", $"p{i}@example.com", People.Password, Role.viewer), Caller.System, Cancel);
        })));
        Assert.Single(tries, t => t.Problem is null);
        Assert.Equal(5, tries.Count(t => t.Problem is NotTheFirst));
        await using var db = desk.Database.Open();
        Assert.Equal(Role.admin, Assert.Single(db.People).Role);
        Assert.Single(db.AccessLog);
    }

    [Theory]
    [CombinedProviders("closed")]
    [CombinedProviders("open")]
    public async Task The_settings_name_the_first_administrator_once(Provider provider, string mode)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        (string, string)[] settings = [("ACCESS", mode), ("ADMIN_EMAIL", "root@example.com"), ("ADMIN_PASSWORD", People.Password)];
        await using var desk = Desk.Start(database, settings: settings);
        using (var answer = await desk.Client.SignInAsync("root@example.com", People.Password))
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        await using var again = Desk.Start(
            database, settings: [("ACCESS", mode), ("ADMIN_EMAIL", "other@example.com"), ("ADMIN_PASSWORD", People.Password)]);
        await using var db = database.Open();
        var root = await db.People.SingleAsync(Cancel);
        Assert.Equal(("Administrator", "root@example.com", Role.admin), (root.Name, root.Email, root.Role));
    }

    [Theory, Providers]
    public async Task No_two_people_have_one_address_whatever_its_letters(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddPersonAsync(Role.agent, "Ada");
        await using var scope = desk.Services.CreateAsyncScope();
        var create = scope.ServiceProvider.GetRequiredService<CreatePerson>();
        var taken = await create.HandleAsync(new("Another", "ADA@example.COM", People.Password, Role.agent), Caller.System, Cancel);
        Assert.Equal(
            ("email", SupportTickets.Core.FieldErrorCode.Taken),
            Assert.IsType<SupportTickets.Core.InvalidInput>(taken.Problem).Errors.Select(e => (e.Field, e.Code)).Single());
        Assert.Null(
            (await create.HandleAsync(new("Another", "another@example.com", People.Password, Role.agent), Caller.System, Cancel)).Problem);
    }
}
