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

    /// <summary>All of them in one text: each ends the places that those before it do not end.</summary>
    private static readonly string All = string.Join(' ', Texts);

    /// <summary>What no page has unless a text became a part of it.</summary>
    private static readonly string Harm = string.Join(
        ", ",
        (string[])
        [
            "main script", "main iframe", "main img", "main object", "main embed", "main form[action^='http']",
            "main a[href^='javascript:' i]", "main a[href^='data:' i]", "[onerror]", "[onload]", "[onclick]",
            "svg a:not([href^='/tickets'])",
        ]);

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
        addresses.AddRange(AddressesWith(All));
        foreach (var text in Texts)
        {
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
        await page.SignInAsync(admin, "/tickets");
        foreach (var address in addresses)
        {
            await page.GotoAsync(address);
            await AssertUnharmedAsync(address);
        }
        await page.GotoAsync($"/tickets?search={Uri.EscapeDataString(All)}");
        Assert.Equal(All, await page.InputValueAsync(".filters [name=search]"));
        // The pages that say what is wrong with it, and those that compare it.
        await page.GotoAsync("/tickets/new");
        await page.FillAsync("#description", All);
        await page.FillAsync("#title", All);
        await page.ClickAsync(".actions .primary");
        await page.Locator(".problem").WaitForAsync();
        await AssertUnharmedAsync("new");
        Assert.Equal(All, await page.InputValueAsync("#description"));
        foreach (var title in (string[])[All[..Ticket.MaxTitleLength], All[^Ticket.MaxTitleLength..]])
        {
            await page.GotoAsync("/tickets/1/edit");
            await page.EvaluateAsync("() => { for (const was of document.querySelectorAll('[name^=was-]')) was.value = 'x'; }");
            await page.FillAsync("#title", title);
            await page.FillAsync("#description", All);
            await page.ClickAsync(".actions .primary");
            await page.Locator(".versions").First.WaitForAsync();
            await AssertUnharmedAsync($"edit: {title}");
        }
        Assert.Empty(reader.Complaints);

        async Task AssertUnharmedAsync(string where)
        {
            var found = await page.EvaluateAsync<string[]>(
                "harm => [...document.querySelectorAll(harm)].map((e) => e.outerHTML).concat(window.spoiled ? ['a script ran'] : [])",
                Harm);
            Assert.True(found.Length == 0, $"{where}: {string.Join('\n', found)}");
        }
    }

    [Fact]
    public async Task Each_alone_becomes_no_part_of_a_page_it_is_sent_to()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        await desk.AddTicketAsync();
        var site = new Site(desk, await desk.SignedInAsync(Role.admin));
        foreach (var text in Texts)
        {
            foreach (var address in AddressesWith(text))
            {
                var page = await site.GetAsync(address);
                AssertUnharmed(address, page.Location is { } next ? await site.GetAsync(next) : page);
            }
            var wrong = await site.PressAsync(
                await site.GetAsync("/tickets/new"), ".actions .primary", ("description", text), ("title", text + new string('x', 200)));
            Assert.NotEmpty(wrong.Texts(".problem"));
            Assert.Equal(text, wrong.Value("description"));
            AssertUnharmed($"new: {text}", wrong);
            var compared = await site.PressAsync(
                await site.GetAsync("/tickets/1/edit"), ".actions .primary", ("was-title", "other"), ("was-description", "other"),
                ("title", text), ("description", text));
            Assert.NotEmpty(compared.Texts(".versions"));
            AssertUnharmed($"edit: {text}", compared);
        }

        static void AssertUnharmed(string where, Answer page) =>
            Assert.Equal((where, ""), (where, string.Join('\n', page.Document.QuerySelectorAll(Harm).Select(e => e.OuterHtml))));
    }

    // Where a page takes something from its address.
    private static IEnumerable<string> AddressesWith(string text)
    {
        string[] places =
        [
            "/tickets?search=", "/tickets?status=", "/", "/sign-in?returnUrl=", "/setup?code=", "/tickets/new?sent=", "/invitation?code=",
            "/new-password?code=", "/?from=", "/settings/audit?person=",
        ];
        return places.Select(place => place + Uri.EscapeDataString(text));
    }
}
