using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Links;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Pages;

namespace SupportTickets.Tests.Access;

/// <summary>The pages by which administrators look after people, and those that their links open, in a real browser.</summary>
public sealed class PeopleAppearanceTests(Browser browser)
{
    private const string Name = "Maximiliane von Hohenzollern-Sigmaringen";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_accessible_and_fit_in_both_themes_on_wide_screens_and_phones()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("ACCESS", "closed"));
        var root = await desk.AddPersonAsync(Role.admin, "Root");
        var person = await desk.AddPersonAsync(Role.agent, Name);
        await AddOthersAsync(desk, root);
        var problems = new List<string>();
        await using var admin = await browser.OpenAsync(desk.Address, phone: true);
        await using var guest = await browser.OpenAsync(desk.Address, phone: true);
        await SignInAsync(admin, root, "/settings/users");
        await LookAsync(admin, "people", () => Task.CompletedTask);
        await LookAsync(admin, "_people-errors", () => RefusedAsync(admin, "[data-invite] .primary"));
        await LookAsync(admin, "_people-invited", async () =>
        {
            await admin.Page.FillAsync("#email", "somebody.with.a.rather.long.address@a-rather-long-domain.example.com");
            await admin.Page.ClickAsync("[data-invite] .primary");
            await admin.Page.Locator("[data-link]").WaitForAsync();
        });
        var invitation = await admin.Page.InnerTextAsync("[data-link]");
        await LookAsync(admin, "person", () => admin.Page.GotoAsync($"/settings/users/{person.Id}"));
        await LookAsync(admin, "_person-link", async () =>
        {
            await admin.Page.ClickAsync("[data-password-link] button");
            await admin.Page.Locator("[data-link]").WaitForAsync();
        });
        var link = await admin.Page.InnerTextAsync("[data-link]");
        await LookAsync(admin, "_person-last-admin", async () =>
        {
            await admin.Page.GotoAsync($"/settings/users/{root.Id}");
            await admin.Page.ClickAsync("[data-deactivate] summary");
            await admin.Page.ClickAsync("[data-deactivate] button");
            await admin.Page.Locator(".problem").WaitForAsync();
        });
        await LookAsync(admin, "_person-deactivated", () => admin.Page.GotoAsync($"/settings/users/{root.Id + 2}"));
        await LookAsync(admin, "access-log", () => admin.Page.GotoAsync("/settings/audit"));
        await LookAsync(admin, "_access-log-errors", () => admin.Page.GotoAsync("/settings/audit?person=nobody"));
        await LookAsync(guest, "invitation", () => guest.Page.GotoAsync(invitation));
        await LookAsync(guest, "_invitation-errors", () => RefusedAsync(guest, "main .primary"));
        await LookAsync(guest, "_invitation-gone", () => guest.Page.GotoAsync("/invitation?code=none"));
        await LookAsync(guest, "new-password", () => guest.Page.GotoAsync(link));
        await LookAsync(guest, "_new-password-gone", () => guest.Page.GotoAsync("/new-password?code=none"));
        problems.AddRange(admin.Complaints.Concat(guest.Complaints));

        static async Task RefusedAsync(Reader at, string button)
        {
            await at.Page.ClickAsync(button);
            await at.Page.Locator(".problem").WaitForAsync();
        }

        async Task LookAsync(Reader at, string name, Func<Task> open)
        {
            await open();
            problems.AddRange(await at.LookAsync(name));
        }
        Assert.True(problems.Count == 0, string.Join("\n\n", problems));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Somebody_is_invited_comes_in_may_less_and_is_out(bool javaScript)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("ACCESS", "closed"));
        await desk.AddTicketAsync();
        await using var admin = await browser.OpenAsync(desk.Address, javaScript);
        await using var guest = await browser.OpenAsync(desk.Address, javaScript);
        await SignInAsync(admin, await desk.AddPersonAsync(Role.admin, "Root"), "/settings/account");
        await admin.Page.ClickAsync(".tabs >> text=People");
        await admin.Page.FillAsync("#email", "ada@example.com");
        await admin.Page.ClickAsync("text=Invite");

        await guest.Page.GotoAsync(await admin.Page.InnerTextAsync("[data-link]"));
        await guest.Page.FillAsync("#name", "Ada");
        await guest.Page.FillAsync("#password", People.Password);
        await guest.Page.ClickAsync("text=Create account");
        await guest.Page.GotoAsync("/tickets/1");
        await guest.Page.Locator(".ticket-head button").First.WaitForAsync();

        await admin.Page.ClickAsync(".tabs >> text=People");
        await admin.Page.ClickAsync("[data-people] >> text=Ada");
        await admin.Page.SelectOptionAsync("#role", "viewer");
        await admin.Page.ClickAsync("text=Change role");
        await admin.Page.Locator(".outcome").WaitForAsync();
        await guest.Page.ClickAsync(".ticket-head button");
        await guest.Page.Locator("h1:text-is('You may not do this')").WaitForAsync();
        Assert.Equal(SupportTickets.Tickets.Status.open, Assert.Single(await desk.TicketsAsync()).Status);

        await admin.Page.ClickAsync("[data-deactivate] summary");
        await admin.Page.ClickAsync("[data-deactivate] button");
        await admin.Page.Locator(".outcome >> text=deactivated").WaitForAsync();
        await guest.Page.GotoAsync("/tickets/1");
        Assert.Equal("Sign in", await guest.Page.InnerTextAsync("h1"));
        await SignInAsync(guest, "ada@example.com", "/sign-in");
        await guest.Page.Locator(".problem").WaitForAsync();

        await admin.Page.ClickAsync("text=What happened with this account");
        var cells = admin.Page.Locator("[data-log] td:nth-child(3)");
        await cells.Nth(4).WaitForAsync(); // the page may still be coming
        var acts = await cells.AllInnerTextsAsync();
        Assert.Equal(["Could not sign in", "Deactivated an account", "Changed a role", "Accepted an invitation", "Made an account"], acts);
        Assert.Empty(admin.Complaints.Concat(guest.Complaints));
    }

    private static async Task SignInAsync(Reader reader, Person person, string then)
    {
        await SignInAsync(reader, person.Email!, $"/sign-in?returnUrl={Uri.EscapeDataString(then)}");
        await reader.Page.ArrivesAsync(then);
    }

    private static async Task SignInAsync(Reader reader, string email, string page)
    {
        await reader.Page.GotoAsync(page);
        await reader.Page.FillAsync("#email", email);
        await reader.Page.FillAsync("#password", People.Password);
        await reader.Page.ClickAsync("main .primary");
    }

    // One who is deactivated, one who never came, an invitation that ran out.
    private static async Task AddOthersAsync(Desk desk, Person root)
    {
        await using var db = desk.Database.Open();
        var now = DateTime.UtcNow;
        db.People.AddRange(
            new()
            {
                Name = "Someone who left",
                Email = "left@example.com",
                NormalizedEmail = "LEFT@EXAMPLE.COM",
                SecurityStamp = "x",
                CreatedAt = now.AddDays(-400),
                SignedInAt = now.AddDays(-90),
                DeactivatedAt = now.AddDays(-30),
            },
            new()
            {
                Name = "علی",
                Email = "ali@example.com",
                NormalizedEmail = "ALI@EXAMPLE.COM",
                SecurityStamp = "x",
                Role = Role.viewer,
                CreatedAt = now,
            });
        db.Invitations.Add(
            new()
            {
                Hash = [1],
                Email = "late@example.com",
                NormalizedEmail = "LATE@EXAMPLE.COM",
                Role = Role.admin,
                InvitedById = root.Id,
                CreatedAt = now.AddDays(-8),
                ExpiresAt = now.AddDays(-1),
            });
        await db.SaveChangesAsync(Cancel);
        Assert.Equal(root.Id + 2, (await db.People.SingleAsync(p => p.Email == "left@example.com", Cancel)).Id);
    }
}
