using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Access.Links;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Pages;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Access;

/// <summary>The pages for signing in and for one's own account, in a real browser.</summary>
public sealed class AccessAppearanceTests(Browser browser)
{
    private const string Name = "Maximiliane von Hohenzollern-Sigmaringen";

    [Fact]
    public async Task They_are_accessible_and_fit_in_both_themes_on_wide_screens_and_phones()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("ACCESS", "submit"));
        await using var empty = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("ACCESS", "closed"));
        var person = await desk.AddPersonAsync(Role.agent, Name);
        await desk.AddTicketAsync();
        await using (var db = desk.Database.Open())
            await db.Tickets.ExecuteUpdateAsync(t => t.SetProperty(x => x.AssigneeId, person.Id), TestContext.Current.CancellationToken);
        await desk.AddTokenAsync(person);
        var problems = new List<string>();
        await using var first = await browser.OpenAsync(empty.Address, phone: true);
        var code = Uri.EscapeDataString(empty.Services.GetRequiredService<SetupLink>().Create());
        await LookAsync(first, "setup", () => first.Page.GotoAsync($"/setup?code={code}"));
        await LookAsync(first, "_setup-errors", () => first.Page.ClickAsync("main .primary"));
        await LookAsync(first, "_setup-gone", () => first.Page.GotoAsync("/setup?code=none"));
        await LookAsync(first, "_sign-in-nobody", () => first.Page.GotoAsync("/sign-in"));

        await using var reader = await browser.OpenAsync(desk.Address, phone: true);
        await LookAsync(reader, "_new-ticket-sent", () => reader.Page.GotoAsync("/tickets/new?sent=12"));
        await LookAsync(reader, "_sign-in-failed", async () =>
        {
            await reader.Page.GotoAsync("/sign-in?returnUrl=%2Fsettings%2Faccount");
            await reader.Page.ClickAsync("main .primary");
        });
        await LookAsync(reader, "sign-in", () => reader.Page.GotoAsync("/sign-in?returnUrl=%2Fsettings%2Faccount"));
        await LookAsync(reader, "account", async () =>
        {
            await reader.Page.FillAsync("#email", person.Email!);
            await reader.Page.FillAsync("#password", People.Password);
            await reader.Page.ClickAsync("main .primary");
            await reader.Page.ArrivesAsync("/settings/account");
        });
        await LookAsync(reader, "_account-errors", async () =>
        {
            await reader.Page.ClickAsync("[data-password] button");
            await reader.Page.Locator(".problem").WaitForAsync();
        });
        await LookAsync(reader, "tokens", () => reader.Page.GotoAsync("/settings/tokens"));
        await LookAsync(reader, "_tokens-made", async () =>
        {
            await reader.Page.FillAsync("#name", "Monthly report");
            await reader.Page.ClickAsync("[data-new-token] .primary");
            await reader.Page.Locator("[data-token]").WaitForAsync();
        });
        await LookAsync(reader, "_views-none", () => reader.Page.GotoAsync("/settings/views"));
        await LookAsync(reader, "_list-save-view", async () =>
        {
            await reader.Page.GotoAsync("/tickets?status=open&search=title");
            await reader.Page.ClickAsync(".save-view summary");
        });
        await LookAsync(reader, "_list-view", async () =>
        {
            await reader.Page.FillAsync(".save-view [name=view]", "All that is open");
            await reader.Page.CheckAsync(".save-view [name=shared]");
            await reader.Page.ClickAsync(".save-view button");
            await reader.Page.Locator("#views a[aria-current]").WaitForAsync();
        });
        await LookAsync(reader, "views", async () =>
        {
            await reader.Page.GotoAsync("/settings/views");
            await reader.Page.ClickAsync(".rename summary");
        });
        await LookAsync(reader, "_views-errors", async () =>
        {
            await reader.Page.EvaluateAsync(
                "() => { const name = document.querySelector('.rename [name=view]'); name.required = false; name.value = ''; }");
            await reader.Page.ClickAsync(".rename button");
            await reader.Page.Locator(".problem").WaitForAsync();
        });
        await reader.Page.ClickAsync("text='Delete…'");
        await reader.Page.ClickAsync(".ask .danger");
        await LookAsync(reader, "_ticket-signed-in", () => reader.Page.GotoAsync("/tickets/1"));
        await LookAsync(reader, "_ticket-edit-signed-in", () => reader.Page.GotoAsync("/tickets/1/edit"));
        await LookAsync(reader, "tickets-signed-in", () => reader.Page.GotoAsync("/tickets?assignee=me"));
        await LookAsync(reader, "_tickets-selected-signed-in", () => reader.Page.Locator("[name=ticket]").First.CheckAsync());
        await LookAsync(reader, "_connect-signed-in", () => reader.Page.GotoAsync("/connect"));
        problems.AddRange(first.Complaints.Concat(reader.Complaints));

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
    public async Task From_the_first_link_to_a_token_that_reads(bool javaScript)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("ACCESS", "closed"));
        await using var reader = await browser.OpenAsync(desk.Address, javaScript);
        var page = reader.Page;
        await page.GotoAsync($"/setup?code={Uri.EscapeDataString(desk.Services.GetRequiredService<SetupLink>().Create())}");
        await page.FillAsync("#name", "Ada");
        await page.FillAsync("#email", "ada@example.com");
        await page.FillAsync("#password", People.Password);
        await page.ClickAsync("main .primary");
        await page.ClickAsync(".bar .me");
        await page.ClickAsync(".tabs >> text=Tokens");
        await page.FillAsync("#name", "Excel");
        await page.ClickAsync("[data-new-token] .primary");
        using var client = desk.ClientWith(await page.InnerTextAsync("[data-token]"));
        Assert.Equal("0", await client.GetStringAsync("/odata/Tickets/$count", TestContext.Current.CancellationToken));
        await page.ClickAsync(".bar form >> text=Sign out");
        await page.ArrivesAsync("/sign-in");
        await page.GotoAsync("/tickets");
        Assert.Equal("Sign in", await page.InnerTextAsync("h1"));
        Assert.Empty(reader.Complaints);
    }
}
