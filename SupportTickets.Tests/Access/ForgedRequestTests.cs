using System.Net;
using System.Net.Sockets;
using System.Text;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Pages;
using SupportTickets.Tickets;
using SupportTickets.Views;

namespace SupportTickets.Tests.Access;

/// <summary>What others make a browser send, or send in somebody's place.</summary>
public sealed class ForgedRequestTests
{
    private const string MarkField = "__RequestVerificationToken";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_form_of_every_page_is_refused_without_the_mark_of_its_page()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: [("ACCESS", "closed"), ("RATE_LIMIT_SIGN_IN", "0")]);
        await desk.AddTicketAsync();
        using var admin = await desk.SignedInAsync(Role.admin);
        var sources = desk.Services.GetRequiredService<IEnumerable<EndpointDataSource>>();
        var pages = sources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null)
            .Select(e => "/" + e.RoutePattern.RawText!.Replace("{id:int}", "1", StringComparison.Ordinal).TrimStart('/'))
            .Distinct().ToList();
        Assert.InRange(pages.Count, 15, 40);
        string[] handlers =
        [
            "", "?handler=Name", "?handler=Password", "?handler=SignOutEverywhere", "?handler=Role", "?handler=Deactivate",
            "?handler=PasswordLink", "?handler=Revoke&id=1", "?handler=Save", "?handler=Title",
        ];
        foreach (var page in pages)
        {
            foreach (var handler in handlers)
            {
                // A mark of another person is none either.
                foreach (var mark in (string[])["", "CfDJ8Nonsense"])
                {
                    using var form = new FormUrlEncodedContent([
                        new(MarkField, mark), new("title", "Forged"), new("role", "viewer"), new("ticket", "1.1"),
                        new("status", "closed"),
                    ]);
                    using var answer = await admin.PostAsync(page + handler, form, Cancel);
                    Assert.True((int)answer.StatusCode is 400 or 405, $"{page}{handler} {(int)answer.StatusCode}");
                }
            }
        }
        await using var db = desk.Database.Open();
        Assert.Equal(("A title", 1), (Assert.Single(db.Tickets).Title, db.Tickets.Single().Version));
        Assert.Equal([AccessAction.person_created, AccessAction.signed_in], db.AccessLog.OrderBy(e => e.Id).Select(e => e.Act));
    }

    [Theory, Providers]
    public async Task What_is_somebody_elses_is_not_there(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var (ada, eve) = (await desk.AddPersonAsync(Role.agent, "Ada"), await desk.AddPersonAsync(Role.agent, "Eve"));
        var token = await desk.AddTokenAsync(ada);
        using var adas = await desk.SignedInAsync(ada);
        using var saved = await adas.PostFormAsync("/settings/views", "/settings/views?handler=Save", ("view", "Of Ada"), ("address", ""));
        await using var db = desk.Database.Open();
        var view = Assert.Single(db.SavedViews);
        using var eves = await desk.SignedInAsync(eve);
        var thatView = $"id={view.Id}&version={view.Version}";
        foreach (var (page, action) in ((string, string)[])
        [
            ("/settings/tokens", $"/settings/tokens?handler=Revoke&id={token.Token.Id}"),
            ("/settings/views", $"/settings/views?handler=Rename&{thatView}"),
            ("/settings/views", $"/settings/views?handler=Share&{thatView}&shared=true"),
            ("/settings/views", $"/settings/views?handler=Delete&{thatView}"),
        ])
        {
            using var answer = await eves.PostFormAsync(page, action, ("view", "Of Eve"), ("id", $"{token.Token.Id}"));
            Assert.Equal((action, HttpStatusCode.NotFound), (action, answer.StatusCode));
        }
        using var program = desk.ClientWith(token.Text);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/", Cancel)).StatusCode);
        await using var after = desk.Database.Open();
        Assert.Equal(("Of Ada", false), (after.SavedViews.Single().Name, after.SavedViews.Single().IsShared));
        foreach (var path in (string[])[$"/settings/users/{ada.Id}", "/settings/users", "/settings/audit"])
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, (await eves.GetAsync(path, Cancel)).StatusCode));
        Assert.DoesNotContain("A write token", await eves.GetStringAsync("/settings/tokens", Cancel));
    }

    [Theory, Providers]
    public async Task A_cookie_that_was_planted_before_the_sign_in_is_not_the_session_after_it(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        var (eve, ada) = (await desk.AddPersonAsync(Role.viewer, "Eve"), await desk.AddPersonAsync(Role.admin, "Ada"));
        var planted = await SessionAsync(desk, eve, null);
        var adas = await SessionAsync(desk, ada, planted);
        Assert.NotEqual(planted, adas);
        Assert.Equal(("Eve", "Ada"), (await NameAsync(desk, planted), await NameAsync(desk, adas)));
        // Nor is one sign-in like the other.
        Assert.NotEqual(adas, await SessionAsync(desk, ada, null));
    }

    [Fact]
    public async Task No_spelling_of_a_path_leads_out_of_the_files_of_the_pages()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("ACCESS", "open"));
        string[] ups = ["..", "%2e%2e", ".%2e", "%2e.", "%252e%252e", "..;", "%c0%ae%c0%ae", "..%00", "....", "..\\", "%5c.."];
        string[] slashes = ["/", "%2f", "%252f", "\\", "%5c", "//"];
        foreach (var start in (string[])["/", "/css/", "/js/", "/lib/", "/connect/", "/tickets/export.csv/", "/odata/", "/api/"])
        {
            foreach (var (up, slash) in ups.SelectMany(u => slashes.Select(s => (u, s))))
            {
                foreach (var file in (string[])["appsettings.json", "SupportTickets.dll", "etc/passwd"])
                {
                    var answer = await SendAsync(desk, start + string.Concat(Enumerable.Repeat(up + slash, 6)) + file);
                    Assert.True(answer.Split(' ')[1] is ['3' or '4', ..], answer[..Math.Min(answer.Length, 200)]);
                    Assert.DoesNotContain("root:", answer);
                    Assert.DoesNotContain("Logging", answer);
                }
            }
        }
    }

    // By hand: a client library would tidy the path.
    private static async Task<string> SendAsync(Desk desk, string path)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(desk.Address.Host, desk.Address.Port, Cancel);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), Cancel);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Cancel);
    }

    private static async Task<string> SessionAsync(Desk desk, Person person, string? planted)
    {
        using var client = desk.NewClient();
        using var page = await client.GetAsync("/sign-in", Cancel);
        var mark = planted is null ? await MarkAsync(page) : await MarkAsync(client, planted);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent([new("email", person.Email!), new("password", People.Password), new(MarkField, mark)]),
        };
        if (planted is not null) request.Headers.Add("Cookie", planted);
        using var answer = await client.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("support-tickets-session=", StringComparison.Ordinal))
            .Split(';')[0];
    }

    // The mark of a form belongs to who is signed in; whoever plants a session can see a page with it.
    private static async Task<string> MarkAsync(HttpClient client, string session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/settings/account");
        request.Headers.Add("Cookie", session);
        using var page = await client.SendAsync(request, Cancel);
        return await MarkAsync(page);
    }

    private static async Task<string> MarkAsync(HttpResponseMessage page)
    {
        var document = new HtmlParser().ParseDocument(await page.Content.ReadAsStringAsync(Cancel));
        return document.QuerySelector($"[name={MarkField}]")!.GetAttribute("value")!;
    }

    private static async Task<string> NameAsync(Desk desk, string session)
    {
        using var client = desk.NewClient();
        client.DefaultRequestHeaders.Add("Cookie", session);
        return (await new Site(desk, client).GetAsync("/tickets")).Text(".bar .me");
    }
}
