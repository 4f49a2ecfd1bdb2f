using System.Net;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>Forms that are refused as a whole: each says why and what to do, and comes back with what was typed.</summary>
public sealed class KeptFormTests
{
    private static readonly string[] Forms = ["/tickets/new", "/tickets/1", "/tickets/1/edit"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_null_character_is_an_error_of_its_field(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddTicketAsync();
        var site = new Site(desk);
        foreach (var url in Forms)
        {
            foreach (var multipart in (bool[])[false, true])
            {
                var (button, field, other) = PartsOf(url);
                var page = await site.GetAsync(url);
                (string, string)[] typed = [(field, "Typed\0 text"), (other.Name, other.Value)];
                page = multipart ? await site.PressAsync(page, button, [], typed) : await site.PressAsync(page, button, typed);
                Assert.Equal((url, multipart, HttpStatusCode.UnprocessableEntity), (url, multipart, page.Status));
                Assert.Contains("Remove the null character from the", page.Text($"#{field}-error"));
                Assert.Equal("true", page.Document.GetElementById(field)!.GetAttribute("aria-invalid"));
                // A page cannot hold that character: it shows where it stood.
                Assert.Equal(("Typed\uFFFD text", other.Value), (page.Value(field), page.Value(other.Name)));
            }
        }
        await AssertNothingIsStoredAsync(desk);
    }

    [Theory, Providers]
    public async Task A_form_with_too_many_fields_is_taken_when_it_is_sent_again_as_it_came_back(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddTicketAsync();
        var site = new Site(desk);
        foreach (var url in Forms)
        {
            var (button, field, other) = PartsOf(url);
            (string, string)[] rest = url == "/tickets/new" ? [("category", "general"), ("priority", "low")] : [];
            var page = await site.GetAsync(url);
            var form = page.Document.QuerySelector(button)!.Closest("form")!;
            for (var i = 0; i < 201; i++)
            {
                var more = page.Document.CreateElement("input");
                more.SetAttribute("name", $"more{i}");
                form.Prepend(more);
            }
            page = await site.PressAsync(page, button, [(field, "Typed"), other, .. rest]);
            Assert.Equal((url, HttpStatusCode.RequestEntityTooLarge), (url, page.Status));
            Assert.Contains("more than 200 fields", page.Text(".problem"));
            Assert.Equal(("Typed", other.Value), (page.Value(field), page.Value(other.Name)));
            await AssertNothingIsStoredAsync(desk);
            Assert.Equal((url, HttpStatusCode.Redirect), (url, (await site.PressAsync(page, button)).Status));
            await desk.Database.EmptyAsync();
            await desk.AddTicketAsync();
        }
    }

    [Theory, Providers]
    public async Task Of_too_many_files_the_first_stay_with_the_text(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        await desk.AddTicketAsync();
        var site = new Site(desk);
        (string, byte[])[] files = [.. Enumerable.Range(1, 51).Select(i => ($"{i}", (byte[])[1]))];
        foreach (var url in Forms[..2])
        {
            var (button, field, other) = PartsOf(url);
            var page = await site.PressAsync(await site.GetAsync(url), button, files, (field, "Typed"), other);
            Assert.Equal((url, HttpStatusCode.RequestEntityTooLarge), (url, page.Status));
            Assert.Contains("More than 50 files came", page.Text(".problem"));
            Assert.Equal(("Typed", 50), (page.Value(field), page.Texts("[data-attach-file]").Count));
            // One more than what is there already is one too many, too.
            page = await site.PressAsync(page, button, files[..1]);
            Assert.Equal((url, HttpStatusCode.RequestEntityTooLarge), (url, page.Status));
            Assert.Contains("At most 50 files are sent at once.", page.Text(".problem"));
            Assert.Equal(("Typed", 50), (page.Value(field), page.Texts("[data-attach-file]").Count));
        }
        await AssertNothingIsStoredAsync(desk);
    }

    [Fact]
    public async Task A_text_over_the_limit_is_told_with_the_limit_and_where_it_still_is()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: ("MAX_REQUEST_BYTES", "20000"));
        await desk.AddTicketAsync();
        var site = new Site(desk);
        foreach (var url in Forms)
        {
            foreach (var multipart in (bool[])[false, true])
            {
                var (button, field, other) = PartsOf(url);
                var page = await site.GetAsync(url);
                (string, string)[] typed = [(field, new string('x', 20_000)), other];
                page = multipart ? await site.PressAsync(page, button, [], typed) : await site.PressAsync(page, button, typed);
                Assert.Equal((url, multipart, HttpStatusCode.RequestEntityTooLarge), (url, multipart, page.Status));
                Assert.Contains("A form has at most 20 KB of text.", page.Text("[data-message]"));
                Assert.Contains("the Back button of your browser leads to it", page.Text(".fault"));
            }
        }
    }

    // The button of a form, its text, and another field with what is entered there.
    private static (string Button, string Field, (string Name, string Value) Other) PartsOf(string url) => url == "/tickets/1"
        ? ("[data-send=reply]", "body", ("key", "a key"))
        : (".actions .primary", "description", ("title", "Another title"));

    private static async Task AssertNothingIsStoredAsync(Desk desk)
    {
        await using var db = desk.Database.Open();
        Assert.Equal(("A title", 0), ((await db.Tickets.SingleAsync(Cancel)).Title, await db.Comments.CountAsync(Cancel)));
    }
}
