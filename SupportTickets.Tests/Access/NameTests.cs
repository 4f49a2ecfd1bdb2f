using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.People;
using SupportTickets.Access.Tokens;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Views;

namespace SupportTickets.Tests.Access;

/// <summary>Names show all that is in them, so that nobody can look like somebody else.</summary>
public sealed class NameTests
{
    private const string Refused =
        "Remove what does not show from the name, such as a line break or a zero-width space: type it instead of pasting it.";

    private static readonly string[] Hidden =
    [
        "Ada\u202Eevol",
        "Ada\u2066x",
        "A\u0001da",
        "Ada\nLovelace",
        "Ada\r\nLovelace",
        "Ada\tLovelace",
        "Ada\u2028Lovelace",
        "Ada\u0085Lovelace",
        "Ada\u200B",
        "Ada\u200D",
        "A\u200Dda",
        "A\u200Cda",
        "Ada\uFEFF",
        "Ada\u2060",
        "A\u00ADda",
        "Ada\u200E",
        "Ada\u061C",
        "Ada\u3164",
        "Ada\u115F",
        "A\u034Fda",
        "Ada\uFE0F",
        "Ada\U000E0041",
        "Ada\u2800",
        "\u0645\u200C",
        "\u0645\u200C\u200C\u0645",
        "\u007FAda",
    ];

    private static readonly string[] Real =
    [
        "Jos\u00e9 Mar\u00eda O\u2019Neill-Garc\u00eda",
        "A\u0301da",
        "\u674e\u5c0f\u9f99",
        "\u845b\U000E0100\u57ce",
        "\u0410\u043d\u043d\u0430",
        "\u05d3\u05d5\u05d3",
        "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",
        "\u0d9a\u0dca\u200d\u0dbb\u0dd2",
        "\uae40\ubbfc",
        "\U0001F469\u200D\U0001F4BB \u2764\uFE0F",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_character_that_does_not_show_is_refused_in_the_names_of_people_tokens_and_views(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var person = await desk.AddPersonAsync(Role.agent, "Ada Lovelace");
        using var client = await desk.SignedInAsync(person);
        foreach (var name in Hidden)
        {
            foreach (var (page, action, fields) in Forms(name))
            {
                using var answer = await client.PostFormAsync(page, action, fields);
                Assert.Equal((Spelled(name), action, HttpStatusCode.BadRequest), (Spelled(name), action, answer.StatusCode));
                Assert.Contains(Refused, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancel)));
            }
        }
        await using var db = desk.Database.Open();
        Assert.Equal("Ada Lovelace", (await db.People.SingleAsync(Cancel)).Name);
        Assert.Empty(await db.AccessTokens.ToListAsync(Cancel));
        Assert.Empty(await db.SavedViews.ToListAsync(Cancel));
    }

    [Theory, Providers]
    public async Task Names_of_all_scripts_are_kept_as_they_are_written(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        using var client = await desk.SignedInAsync(await desk.AddPersonAsync(Role.agent, "Ada Lovelace"));
        foreach (var name in Real)
        {
            foreach (var (page, action, fields) in Forms($" {name}\t"))
            {
                using var answer = await client.PostFormAsync(page, action, fields);
                Assert.Equal(
                    (Spelled(name), action, true),
                    (Spelled(name), action, answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Redirect));
            }
            await using var db = desk.Database.Open();
            Assert.Equal(name, (await db.People.SingleAsync(Cancel)).Name);
        }
        await using var all = desk.Database.Open();
        Assert.Equal(Real, await all.AccessTokens.OrderBy(t => t.Id).Select(t => t.Name).ToListAsync(Cancel));
        Assert.Equal(Real, await all.SavedViews.OrderBy(v => v.Id).Select(v => v.Name).ToListAsync(Cancel));
    }

    [Theory, Providers]
    public async Task A_new_account_has_a_name_and_an_address_that_show_and_a_password_that_is_more_than_space(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var admin = await desk.SiteAsync(await desk.AddPersonAsync(Role.admin));
        var users = await admin.GetAsync("/settings/users");
        foreach (var email in (string[])["ada\u200B@example.com", "ada\u202E@example.com", "ada@exam\u00ADple.com"])
        {
            var wrong = await admin.PressAsync(users, "[data-invite] button", ("email", email), ("role", "agent"));
            Assert.Equal(
                (HttpStatusCode.BadRequest, "Enter the e-mail address like name@example.com."), (wrong.Status, wrong.Text(".problem li")));
        }
        var link = await admin.InviteAsync("ada@example.com", Role.agent);
        using var guest = desk.NewClient();
        foreach (var (name, password, words) in new[]
        {
            ("Ada\u202E", People.Password, Refused),
            ("Ada", new string(' ', 20), "Enter a password."),
            ("Ada", string.Concat(Enumerable.Repeat("\u00A0\u3000\u200B\t", 5)), "Enter a password."),
        })
        {
            using var answer = await guest.PostFormAsync(link, link, ("name", name), ("password", password));
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains(words, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancel)));
        }
        using var made = await guest.PostFormAsync(link, link, ("name", "Ada"), ("password", "  twelve and spaces  "));
        Assert.Equal(HttpStatusCode.Redirect, made.StatusCode);
        using var ada = desk.NewClient();
        Assert.Equal(HttpStatusCode.Redirect, (await ada.SignInAsync("ada@example.com", "  twelve and spaces  ")).StatusCode);
        using var changed = await ada.PostFormAsync(
            "/settings/account", "/settings/account?handler=Password", ("current", "  twelve and spaces  "),
            ("password", new string(' ', 12)));
        Assert.Equal(HttpStatusCode.BadRequest, changed.StatusCode);
        Assert.Contains("Enter a password.", await changed.Content.ReadAsStringAsync(Cancel));
    }

    private static (string Page, string Action, (string, string)[] Fields)[] Forms(string name) =>
    [
        ("/settings/account", "/settings/account?handler=Name", [("name", name)]),
        ("/settings/tokens", "/settings/tokens", [("name", name), ("scope", "read"), ("days", "30")]),
        ("/settings/views", "/settings/views?handler=Save", [("view", name), ("address", "/tickets?status=open")]),
    ];

    private static string Spelled(string name) => string.Join(' ', name.Select(c => $"{(int)c:X4}"));
}
