using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Tests.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.Tests.Pages;

public sealed class RequesterPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task They_are_found_by_parts_of_name_address_and_organization_page_by_page(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var site = new Site(desk);
        Assert.StartsWith("Nobody yet.", (await site.GetAsync("/requesters")).Text(".empty"));
        var ada = await desk.AddRequesterAsync("Ada Lovelace", "Analytical Engines");
        await desk.AddTicketAsync(ada, "Open");
        await desk.AddTicketAsync(ada, "Done", Status.closed);
        await desk.AddRequesterAsync("Jürgen Müller", "100% Büro");
        foreach (var (search, found) in (ValueTuple<string, string>[])
            [("lovel", "Ada Lovelace"), ("ENGINES ada", "Ada Lovelace"), ("ada.love", "Ada Lovelace"), ("MÜLLER", "Jürgen Müller"),
                ("100% b", "Jürgen Müller")])
        {
            var list = await site.GetAsync($"/requesters?search={Uri.EscapeDataString(search)}");
            Assert.Equal((search, found), (search, list.Text(".stretch")));
        }
        Assert.Equal(2, (await site.GetAsync("/requesters?search=example.com")).Texts("tbody tr").Count);
        Assert.StartsWith("Nobody matches.", (await site.GetAsync("/requesters?search=l%25e")).Text(".empty"));
        Assert.Equal("2 tickets, 1 open", (await site.GetAsync("/requesters?search=ada")).Text("tbody td:last-child"));
        Assert.Equal(HttpStatusCode.BadRequest, (await site.GetAsync("/requesters?search=a%00b")).Status);
        Assert.Equal(2, (await site.GetAsync("/requesters?search=%27%27")).Texts("tbody tr").Count);
        Assert.Equal("“''”: nothing to search for. Everybody is shown.", (await site.GetAsync("/requesters?search=%27%27")).Text(".hint"));

        await using (var db = desk.Database.Open())
        {
            db.Requesters.AddRange(Enumerable.Range(0, RequesterReads.PageSize).Select(n => new Requester
            {
                Name = "Same name",
                Email = $"{n}@example.org",
                NormalizedEmail = $"{n}@EXAMPLE.ORG",
                CreatedAt = DateTime.UtcNow,
            }));
            await db.SaveChangesAsync(Cancel);
        }
        var seen = new List<string>();
        var page = await site.GetAsync("/requesters");
        Assert.Equal(RequesterReads.PageSize, page.Texts("tbody tr").Count);
        seen.AddRange(page.Texts("tbody tr"));
        page = await site.GetAsync(page.Href("[rel=next]"));
        seen.AddRange(page.Texts("tbody tr"));
        Assert.Equal((52, 52), (seen.Count, seen.Distinct().Count()));
        Assert.Empty(page.Document.QuerySelectorAll("[rel=next]"));
        Assert.StartsWith("Nothing comes after this.", (await site.GetAsync("/requesters?after=999999")).Text(".empty"));
    }

    [Theory, Providers]
    public async Task One_is_edited_and_only_what_two_changed_is_asked_about(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var ada = await desk.AddRequesterAsync("Ada", "Acme");
        await desk.AddRequesterAsync("Bob");
        var site = new Site(desk);
        const string save = "[data-requester-form] button", path = "/requesters/1";
        var (first, second, third) = (await site.GetAsync(path), await site.GetAsync(path), await site.GetAsync(path));
        Assert.Equal((302, path), Of(await site.PressAsync(first, save, ("name", " Ada King "), ("notes", "Calls on\nMondays"))));
        // Somebody else changed other fields: both changes stay.
        Assert.Equal((302, path), Of(await site.PressAsync(second, save, ("organization", ""))));
        var conflict = await site.PressAsync(third, save, ("name", "Ada Byron"), ("email", "ada@example.org"));
        Assert.Equal((HttpStatusCode.Conflict, "Ada King"), (conflict.Status, conflict.Text(".problem dd")));
        Assert.Equal(("Ada Byron", "ada@example.org"), (conflict.Value("name"), conflict.Value("email")));
        Assert.Equal((302, path), Of(await site.PressAsync(conflict, save)));
        Assert.Equal("Saved.", (await site.GetAsync(path)).Text(".outcome"));

        var refused = await site.PressAsync(await site.GetAsync(path), save, ("email", "BOB@example.com"), ("name", "\u200b"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        refused = await site.PressAsync(await site.GetAsync(path), save, ("email", "BOB@example.com"));
        Assert.Equal("Another requester has this e-mail address: merge the two instead.", refused.Text(".problem li"));
        Assert.Equal("BOB@example.com", refused.Value("email"));
        refused = await site.PressAsync(await site.GetAsync(path), save, ("email", "no address"));
        Assert.Equal("Enter the e-mail address like name@example.com.", refused.Text(".problem li"));
        await using var db = desk.Database.Open();
        var stored = await db.Requesters.SingleAsync(r => r.Id == ada.Id, Cancel);
        Assert.Equal(("Ada Byron", "ada@example.org", null, "Calls on\nMondays", 4),
            (stored.Name, stored.Email, stored.Organization, stored.Notes, stored.Version));
        Assert.Equal(HttpStatusCode.NotFound, (await site.GetAsync("/requesters/99")).Status);

        static (int, string?) Of(Answer answer) => ((int)answer.Status, answer.Location);
    }

    [Theory, Providers]
    public async Task Their_tickets_are_shown_open_ones_first_and_page_by_page(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var ada = await desk.AddRequesterAsync("Ada");
        await desk.AddTicketAsync(ada, "Closed", Status.closed);
        await desk.AddTicketAsync(ada, "Older");
        await desk.AddTicketAsync(ada, "Newer");
        await desk.AddTicketAsync("Of nobody");
        var site = new Site(desk);
        var page = await site.GetAsync("/requesters/1");
        Assert.Equal(["Newer", "Older", "Closed"], page.Texts("[data-tickets] .stretch"));
        var list = await site.GetAsync(page.Href(".how a"));
        Assert.Equal(["Newer", "Older", "Closed"], list.Texts(".tickets .stretch"));
        Assert.Equal("Requester: Ada", list.Text(".chip bdi"));

        await using (var db = desk.Database.Open())
        {
            for (var n = 0; n < RequesterReads.PageSize; n++)
            {
                db.Tickets.Add(new()
                {
                    Title = $"More {n}",
                    Description = "d",
                    RequesterId = ada.Id,
                    CreatedAt = DateTime.UtcNow.AddDays(-2),
                    Status = n % 2 == 0 ? Status.open : Status.closed,
                });
            }
            await db.SaveChangesAsync(Cancel);
        }
        page = await site.GetAsync("/requesters/1");
        var seen = page.Texts("[data-tickets] .stretch").ToList();
        seen.AddRange((await site.GetAsync(page.Href("[rel=next]"))).Texts("[data-tickets] .stretch"));
        Assert.Equal((53, 53), (seen.Count, seen.Distinct().Count()));
    }

    [Theory, Providers]
    public async Task Two_become_one_after_a_question_that_names_both(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var (ada, bob) = (await desk.AddRequesterAsync("Ada"), await desk.AddRequesterAsync("Bob"));
        await desk.AddTicketAsync(ada, "First");
        var site = await desk.SiteAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        var page = await site.GetAsync($"/requesters/{ada.Id}");
        foreach (var (address, says) in (ValueTuple<string, string>[])
            [("nobody@example.com", "No requester has this e-mail address. Choose one who is known."),
                ("ADA@example.com", "This is the address of the same requester. Choose another one.")])
        {
            var refused = await site.PressAsync(page, "[data-merge] button", ("requesterEmail", address));
            Assert.Equal((HttpStatusCode.BadRequest, says), (refused.Status, refused.Text(".problem li")));
            Assert.Equal(address, refused.Value("requesterEmail"));
        }
        var question = await site.PressAsync(page, "[data-merge] button", ("requesterEmail", "BOB@example.com"));
        Assert.Equal("Merge Ada into Bob?", question.Text("h1"));
        Assert.Contains("1 ticket of Ada (ada@example.com) goes to Bob (bob@example.com)", question.Text(".beside"));
        Assert.Equal("Merge Ada into Bob", question.Text("button.danger"));
        var done = await site.PressAsync(question, "button.danger");
        Assert.Equal($"/requesters/{bob.Id}", done.Location);
        Assert.Equal("\u2068Ada\u2069 was merged into \u2068Bob\u2069.", (await site.GetAsync(done.Location!)).Text(".outcome"));
        Assert.Equal(HttpStatusCode.NotFound, (await site.PressAsync(question, "button.danger")).Status);
        await using var db = desk.Database.Open();
        Assert.Equal(bob.Id, (await db.Tickets.SingleAsync(Cancel)).RequesterId);
        Assert.Equal(["Bob"], await db.Requesters.Select(r => r.Name).ToListAsync(Cancel));
        Assert.Equal("#1 into #2", (await db.AccessLog.SingleAsync(e => e.Act == AccessAction.requester_merged, Cancel)).About);
    }

    [Theory, Providers]
    public async Task Notes_that_are_too_long_together_are_not_cut(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var (ada, bob) = (await desk.AddRequesterAsync("Ada"), await desk.AddRequesterAsync("Bob"));
        var site = await desk.SiteAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        var emoji = string.Concat(Enumerable.Repeat("😀", Requester.MaxNotesLength - 4));
        await NoteAsync(bob.Id, emoji);
        await NoteAsync(ada.Id, "zzz");
        var question = await site.PressAsync(
            await site.GetAsync($"/requesters/{ada.Id}"), "[data-merge] button", ("requesterEmail", "bob@example.com"));
        var refused = await site.PressAsync(question, "button.danger");
        Assert.Equal(
            (HttpStatusCode.Conflict, "The notes of both together have more than 10,000 characters. Shorten them, then merge."),
            (refused.Status, refused.Text(".problem li")));
        await NoteAsync(ada.Id, "zz");
        Assert.Equal(HttpStatusCode.Redirect, (await site.PressAsync(question, "button.danger")).Status);
        await using var after = desk.Database.Open();
        Assert.Equal(emoji + "\n\nzz", (await after.Requesters.SingleAsync(Cancel)).Notes);

        async Task NoteAsync(int id, string notes)
        {
            await using var db = desk.Database.Open();
            await db.Requesters.Where(r => r.Id == id).ExecuteUpdateAsync(set => set.SetProperty(r => r.Notes, notes), Cancel);
        }
    }

    [Theory, Providers]
    public async Task Nothing_is_lost_and_nothing_fails_while_they_are_changed_merged_and_deleted(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var (ada, bob) = (await desk.AddRequesterAsync("Ada"), await desk.AddRequesterAsync("Bob"));
        var site = await desk.SiteAsync(await desk.AddPersonAsync(Role.admin, "Root"));
        using var client = desk.ClientWith(await desk.AddTokenAsync(Role.agent));
        var merge = await site.PressAsync(
            await site.GetAsync($"/requesters/{ada.Id}"), "[data-merge] button", ("requesterEmail", "bob@example.com"));
        var made = Task.WhenAll(Enumerable.Range(0, 30).Select(async i =>
        {
            var sent = await site.PressAsync(
                await site.GetAsync("/tickets/new"), ".actions .primary", ("title", $"Ticket {i}"), ("description", "Text"),
                ("category", "general"), ("priority", "low"), ("requesterName", "Somebody"),
                ("requesterEmail", i % 2 == 0 ? "ada@example.com" : "bob@example.com"));
            Assert.Equal(HttpStatusCode.Redirect, sent.Status);
        }));
        var changed = Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Patch, $"/odata/Requesters({bob.Id})");
            request.Headers.Add("If-Match", "*");
            request.Content = JsonContent.Create(new { Organization = $"Company {i}" }, options: JsonSerializerOptions.Default);
            using var answer = await client.SendAsync(request, Cancel);
            Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{answer.StatusCode}");
        }));
        var merged = await Task.WhenAll(site.PressAsync(merge, "button.danger"), site.PressAsync(merge, "button.danger"));
        await Task.WhenAll(made, changed);
        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.NotFound], merged.Select(page => page.Status).Order());
        await using var db = desk.Database.Open();
        Assert.Equal(30, await db.Tickets.CountAsync(t => t.Requester!.Email != null, Cancel));

        var question = await site.GetAsync((await site.GetAsync($"/requesters/{bob.Id}")).Href("[data-delete]"));
        var deleted = await Task.WhenAll(site.PressAsync(question, "button.danger"), site.PressAsync(question, "button.danger"));
        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.NotFound], deleted.Select(page => page.Status).Order());
        Assert.False(await db.Tickets.AnyAsync(t => t.RequesterId == bob.Id, Cancel));
    }

    [Theory, Providers]
    public async Task All_that_is_known_is_exported_with_a_line_in_the_log_then_deleted_after_its_counts(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var (ada, bob) = (await desk.AddRequesterAsync("Ada Ç", "Acme"), await desk.AddRequesterAsync("Bob"));
        var (first, others) = (await desk.AddTicketAsync(ada, "First"), await desk.AddTicketAsync(bob, "Of Bob"));
        await desk.AddTicketAsync(ada, "Second", Status.resolved);
        await desk.AddCommentAsync(first.Id, "A reply");
        await desk.AddCommentAsync(first.Id, "A note", isInternal: true);
        await desk.AddCommentAsync(others.Id, "To Bob");
        await desk.TagAsync(first.Id, "vip");
        await desk.AddFileAsync(first.Id, "log.txt", [1, 2, 3]);
        var root = await desk.AddPersonAsync(Role.admin, "Root");
        var site = await desk.SiteAsync(root);
        using var client = await desk.SignedInAsync(root);
        using var answer = await client.PostFormAsync("/requesters/1", "/requesters/1?handler=Export");
        Assert.Equal(
            ("application/json", "attachment; filename=requester-1.json"),
            (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.ToString()));
        var file = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(("Ada Ç", "Acme"), (Text(file.GetProperty("requester"), "name"), Text(file.GetProperty("requester"), "organization")));
        Assert.Equal(["First", "Second"], Texts("tickets", "title"));
        Assert.Equal(["vip"], file.GetProperty("tickets")[0].GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal(["A reply", "A note"], Texts("comments", "body"));
        Assert.Equal(["log.txt"], Texts("files", "name"));
        Assert.Equal(["status", "requester", "comment", "comment", "tag", "attachment", "status", "requester"], Texts("history", "field"));

        var question = await site.GetAsync((await site.GetAsync("/requesters/1")).Href("[data-delete]"));
        Assert.Equal("2 tickets, 2 comments and 1 file", question.Text("[data-known]"));
        await using (var db = desk.Database.Open())
            await db.Requesters.Where(r => r.Id == 1).ExecuteUpdateAsync(set => set.SetProperty(r => r.Version, 5), Cancel);
        var stale = await site.PressAsync(question, "button.danger");
        Assert.Equal((HttpStatusCode.Conflict, "Nothing was deleted"), (stale.Status, stale.Text(".problem h2")));
        var done = await site.PressAsync(stale, "button.danger");
        var said = (await site.GetAsync(done.Location!)).Text(".outcome");
        Assert.Equal("Requester #1 was deleted with 2 tickets, 2 comments and 1 file.", said);
        await using var after = desk.Database.Open();
        Assert.Equal(["Of Bob"], await after.Tickets.Select(t => t.Title).ToListAsync(Cancel));
        Assert.Equal(["To Bob"], await after.Comments.Select(c => c.Body).ToListAsync(Cancel));
        Assert.Equal(1, await after.Requesters.CountAsync(Cancel));
        Assert.Equal(0, await after.Attachments.CountAsync(Cancel) + await after.AttachmentPieces.CountAsync(Cancel));
        Assert.Equal(
            ["requester_exported #1", "requester_deleted #1: 2 tickets, 2 comments, 1 files"],
            (await after.AccessLog.Where(e => e.Act == AccessAction.requester_exported || e.Act == AccessAction.requester_deleted)
                .OrderBy(e => e.Id).ToListAsync(Cancel)).Select(e => $"{e.Act} {e.About}"));

        static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
        IEnumerable<string?> Texts(string list, string name) => file.GetProperty(list).EnumerateArray().Select(row => Text(row, name));
    }

    [Theory, CombinedProviders("open"), CombinedProviders("closed")]
    public async Task Viewers_read_agents_change_and_only_admins_merge_export_and_delete(Provider provider, string mode)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", mode));
        await desk.AddRequesterAsync("Ada");
        await desk.AddRequesterAsync("Bob");
        using var viewer = await desk.SignedInAsync(Role.viewer);
        using var agent = await desk.SignedInAsync(Role.agent);
        using var guest = desk.NewClient();
        string[] posts = ["/requesters/1?handler=Export", "/requesters/1/delete", "/requesters/1/merge"];
        foreach (var (client, reads, writes) in (ValueTuple<HttpClient, bool, bool>[])
            [(viewer, true, false), (agent, true, true), (guest, mode == "open", mode == "open")])
        {
            using var page = await client.GetAsync("/requesters/1", Cancel);
            Assert.Equal(reads, page.StatusCode == HttpStatusCode.OK);
            if (reads)
            {
                var html = await page.Content.ReadAsStringAsync(Cancel);
                Assert.Equal((writes, false), (html.Contains("data-requester-form"), html.Contains("data-export")));
            }
            Assert.Equal(writes, (await client.GetAsync("/requesters/suggest?q=ada", Cancel)).StatusCode == HttpStatusCode.OK);
            Assert.Equal(writes, (await client.GetAsync("/tags/suggest?q=ada", Cancel)).StatusCode == HttpStatusCode.OK);
            foreach (var path in posts)
            {
                var sent = reads
                    ? await client.PostFormAsync("/requesters/1", path, ("into", "2"), ("version", "1"))
                    : await client.PostAsync(path, new FormUrlEncodedContent([new("into", "2")]), Cancel);
                Assert.Contains(sent.StatusCode, (HttpStatusCode[])[HttpStatusCode.Forbidden, HttpStatusCode.Redirect]);
                if (sent.StatusCode == HttpStatusCode.Redirect) Assert.StartsWith("/sign-in", sent.Headers.Location?.ToString());
            }
        }
        await using var db = desk.Database.Open();
        Assert.Equal(2, await db.Requesters.CountAsync(Cancel));
        Assert.Equal(0, await db.AccessLog.CountAsync(e => e.Act >= AccessAction.requester_merged, Cancel));
    }

    [Theory, Providers]
    public async Task While_somebody_types_at_most_ten_are_offered(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        for (var n = 0; n < 12; n++) await desk.AddRequesterAsync($"Ada {(char)('a' + n)}", "Acme");
        await desk.AddTicketAsync();
        await desk.TagAsync(1, "Refund", "rebate", "Ärger");
        Assert.Equal(10, (await AskAsync("/requesters/suggest?q=ACM")).Count);
        var one = Assert.Single(await AskAsync("/requesters/suggest?q=ada.l%40"));
        Assert.Equal(("Ada l", "ada.l@example.com", "Acme"), (one.GetProperty("name").GetString(), one.GetProperty("email").GetString(),
            one.GetProperty("organization").GetString()));
        foreach (var q in (string[])["", "a", " a ", "%25%25", "a%00b", new string('a', 101)])
            Assert.Empty(await AskAsync($"/requesters/suggest?q={q}"));
        Assert.Equal(["rebate", "Refund"], (await AskAsync("/tags/suggest?q=RE")).Select(tag => tag.GetProperty("name").GetString()));
        Assert.Equal("Ärger", Assert.Single(await AskAsync("/tags/suggest?q=ä%72")).GetProperty("name").GetString());
        foreach (var q in (string[])["", "r", "%25%25", "__", "a%00b"]) Assert.Empty(await AskAsync($"/tags/suggest?q={q}"));

        async Task<List<JsonElement>> AskAsync(string url) => (await desk.Client.GetFromJsonAsync<List<JsonElement>>(url, Cancel))!;
    }
}
