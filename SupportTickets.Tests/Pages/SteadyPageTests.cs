using Microsoft.Playwright;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>Small things about the layout that people notice, in a real browser.</summary>
public sealed class SteadyPageTests(Browser browser)
{
    // Where each link of a bar begins, by its text.
    private const string Places =
        "links => [...document.querySelectorAll(links)].map((link) => `${link.innerText} ${link.getBoundingClientRect().x.toFixed(1)}`)";

    // What a pointer on each time would be on.
    private const string UnderPointer = """
        times => [...document.querySelectorAll(times)].map((time) => {
          time.scrollIntoView({ block: "center" });
          const box = time.getBoundingClientRect();
          return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === time && time.title !== "";
        })
        """;

    // How many lines of different height the cells below the title take.
    private const string LinesBelowTitle = """
        () => [...document.querySelectorAll(".tickets tbody tr")].map((row) => new Set([...row.cells]
          .filter((cell) => cell.offsetParent !== null && !cell.matches(".col-title, .col-select"))
          .map((cell) => { const box = cell.getBoundingClientRect(); return Math.round((box.top + box.bottom) / 2); })).size)
        """;

    [Fact]
    public async Task The_current_item_moves_no_other_the_time_can_be_pointed_at_and_a_row_has_two_lines_on_the_smallest_phone()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        var person = await desk.AddPersonAsync(Role.admin, "Ada");
        for (var i = 0; i < 3; i++)
            await desk.AddTicketAsync($"Ticket {i}", category: Category.technical, priority: Priority.critical, status: Status.in_progress);
        await using var reader = await browser.OpenAsync(desk.Address);
        var page = reader.Page;
        await page.SignInAsync(person, "/settings/account");
        await AssertSteadyAsync(page, ".tabs a");
        await page.GotoAsync("/");
        await AssertSteadyAsync(page, ".periods a");
        await AssertSteadyAsync(page, ".bar nav a");
        await page.GotoAsync("/tickets");
        await AssertSteadyAsync(page, "main nav li:not(.last) a");

        foreach (var (path, times) in (ValueTuple<string, string>[])[("/", ".short-list time"), ("/tickets", ".col-age time")])
        {
            await page.GotoAsync(path);
            await page.LoadedAsync();
            var pointed = await page.EvaluateAsync<bool[]>(UnderPointer, times);
            Assert.Equal((path, true, true), (path, pointed.Length >= 3, pointed.All(isTime => isTime)));
        }

        await page.SetViewportSizeAsync(320, 640);
        var lines = await page.EvaluateAsync<int[]>(LinesBelowTitle);
        Assert.Equal([1, 1, 1], lines);
        Assert.Empty(reader.Complaints);
    }

    // Goes to each of the links, and looks where all of them are then.
    private static async Task AssertSteadyAsync(IPage page, string links)
    {
        var places = await page.EvaluateAsync<string[]>(Places, links);
        var addresses = await page.EvaluateAsync<string[]>(
            "links => [...document.querySelectorAll(links)].map((link) => link.href)", links);
        Assert.True(addresses.Length > 1, links);
        foreach (var address in addresses)
        {
            await page.GotoAsync(address);
            await page.LoadedAsync();
            var now = await page.EvaluateAsync<string[]>(Places, links);
            Assert.Equal((address, string.Join(", ", places)), (address, string.Join(", ", now)));
        }
    }
}
