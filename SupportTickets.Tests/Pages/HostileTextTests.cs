using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Access.Tokens;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Views;

namespace SupportTickets.Tests.Pages;

/// <summary>
/// Text that would be a program if a page forgot to encode it, in every field that a person can write, on every page, in a real
/// browser.
/// </summary>
public sealed class HostileTextTests(Browser browser)
{
    private const string Spoils = "window.spoiled=1;alert(1)";

    private static readonly string[] Texts =
    [
        $"<script>{Spoils}</script>",
        $"\"><img src=x onerror=\"{Spoils}\">",
        $"'><svg onload='{Spoils}'><a xlink:href=javascript:{Spoils}>x</a></svg>",
        $"[a link](javascript:{Spoils}) <javascript:{Spoils}> ![p](https://elsewhere.example/p.png)",
        $"</textarea></title></script><iframe src=//elsewhere.example srcdoc='<script>parent.{Spoils}</script>'></iframe>",
        "=HYPERLINK(\"https://elsewhere.example\",\"x\")",
        $"{{{{constructor.constructor('{Spoils}')()}}}} ${{{Spoils}}} @@{Spoils}",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_shown_as_it_was_typed_and_does_nothing()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        var admin = await desk.AddPersonAsync(Role.admin, "Ada");
        var addresses = new List<string>
        {
            "/",
            "/tickets",
            "/connect",
            "/settings/account",
            "/settings/tokens",
            "/settings/views",
            "/settings/users",
            $"/settings/users/{admin.Id}",
            "/settings/audit",
            "/nowhere",
            "/tickets/999",
        };
        foreach (var text in Texts)
        {
            addresses.Add($"/tickets?search={Uri.EscapeDataString(text)}");
            addresses.Add($"/tickets?status={Uri.EscapeDataString(text)}");
            addresses.Add($"/{Uri.EscapeDataString(text)}");
            addresses.Add($"/sign-in?returnUrl={Uri.EscapeDataString(text)}");
            addresses.Add($"/setup?code={Uri.EscapeDataString(text)}");
            addresses.Add($"/tickets/new?sent={Uri.EscapeDataString(text)}");
            addresses.Add($"/invitation?code={Uri.EscapeDataString(text)}");
            addresses.Add($"/new-password?code={Uri.EscapeDataString(text)}");
            addresses.Add($"/?from={Uri.EscapeDataString(text)}");
            addresses.Add($"/settings/audit?person={Uri.EscapeDataString(text)}");
            var ticket = await desk.AddTicketAsync(text, $"{text}\n\n{text}", priority: Priority.critical);
            // What a person is called stands in the history.
            await using var db = desk.Database.Open();
            await db.People
                .Where(p => p.Id == admin.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.Name, text[..Math.Min(text.Length, Person.MaxNameLength)]), Cancel);
            await db.TicketEvents
                .Where(e => e.TicketId == ticket.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(e => e.Actor, text), Cancel);
            db.AccessTokens.Add(
                new AccessToken
                {
                    PersonId = admin.Id,
                    Name = text[..Math.Min(text.Length, AccessToken.MaxNameLength)],
                    Hash = System.Text.Encoding.UTF8.GetBytes(text),
                    Hint = "st_hint",
                    CreatedAt = DateTime.UtcNow,
                    ExpiresAt = DateTime.UtcNow.AddDays(90),
                });
            db.SavedViews.Add(
                new()
                {
                    OwnerId = admin.Id,
                    Name = text[..Math.Min(text.Length, SavedView.MaxNameLength)],
                    Address = $"/tickets?search={Uri.EscapeDataString(text)}",
                    IsShared = true,
                    CreatedAt = DateTime.UtcNow,
                });
            db.AccessLog.Add(
                new()
                {
                    At = DateTime.UtcNow,
                    Actor = text,
                    Act = AccessAction.token_created,
                    About = text,
                });
            await db.SaveChangesAsync(Cancel);
            await db.Tickets.Where(t => t.Id == ticket.Id).ExecuteUpdateAsync(set => set.SetProperty(t => t.AssigneeId, admin.Id), Cancel);
            addresses.Add($"/tickets/{ticket.Id}");
            addresses.Add($"/tickets/{ticket.Id}/edit");
        }
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        page.Dialog += async (_, dialog) =>
        {
            reader.Complaints.Add($"said {dialog.Message}");
            await dialog.DismissAsync();
        };
        await page.GotoAsync("/sign-in?returnUrl=%2Ftickets");
        await page.FillAsync("#email", admin.Email!);
        await page.FillAsync("#password", People.Password);
        await page.ClickAsync("main .primary");
        await page.ArrivesAsync("/tickets");
        foreach (var address in addresses)
        {
            await page.GotoAsync(address);
            await AssertUnharmedAsync(address);
        }
        // The pages that say what is wrong with it, and those that compare it.
        foreach (var text in Texts)
        {
            await page.GotoAsync("/tickets/new");
            await page.FillAsync("#description", text);
            await page.FillAsync("#title", text + new string('x', 200));
            await page.ClickAsync(".actions .primary");
            await page.Locator(".problem").WaitForAsync();
            await AssertUnharmedAsync($"new: {text}");
            Assert.Equal(text, await page.InputValueAsync("#description"));
            await page.GotoAsync("/tickets/1/edit");
            await page.EvaluateAsync("() => { document.querySelector('[name=version]').value = '99'; }");
            await page.FillAsync("#title", text);
            await page.FillAsync("#description", text);
            await page.ClickAsync(".actions .primary");
            await page.Locator(".problem").WaitForAsync();
            await AssertUnharmedAsync($"edit: {text}");
        }
        Assert.Empty(reader.Complaints);

        async Task AssertUnharmedAsync(string where)
        {
            var found = await page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll('main :is(script, iframe, img, object, embed, form[action^="http"], '
                        + 'a[href^="javascript:" i], a[href^="data:" i]), [onerror], [onload], [onclick], svg a:not([href^="/tickets"])')]
                    .map((e) => e.outerHTML)
                    .concat(window.spoiled ? ['a script ran'] : [])
                """);
            Assert.True(found.Length == 0, $"{where}: {string.Join('\n', found)}");
        }
    }
}
