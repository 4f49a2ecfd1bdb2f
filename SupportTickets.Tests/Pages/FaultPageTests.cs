using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Http;
using SupportTickets.Pages.Shared;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Pages;

public sealed class FaultPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_not_there_is_a_page_of_the_desk()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var site = new Site(desk);
        foreach (var url in (string[])
        [
            "/nowhere", "/tickets/1", "/tickets/1/edit", "/tickets/0", "/tickets/-1", "/tickets/abc", "/tickets/99999999999",
            "/tickets/1/nope", "/css/none.css",
        ])
        {
            var page = await site.GetAsync(url);
            Assert.Equal((url, HttpStatusCode.NotFound), (url, page.Status));
            Assert.Equal("Page not found", page.Text("h1"));
            Assert.Equal("SupportTickets", page.Text(".brand"));
            Assert.NotNull(page.Policy);
        }
        // The other faces answer for themselves.
        Assert.DoesNotContain(
            "class=\"brand\"", await (await desk.Client.GetAsync("/api/nowhere", Cancel)).Content.ReadAsStringAsync(Cancel));
        Assert.DoesNotContain("<html", await (await desk.Client.GetAsync("/odata/nowhere", Cancel)).Content.ReadAsStringAsync(Cancel));
        Assert.Equal(
            HttpStatusCode.UnsupportedMediaType,
            (await desk.Client.PostAsync("/tickets/new", new StringContent("{}", null, "application/json"), Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_fault_leads_on_to_what_its_reader_may_do()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: ("ACCESS", "submit"));
        Assert.Equal(["New ticket"], (await new Site(desk).GetAsync("/nowhere")).Texts(".fault .button"));
        using var viewer = await desk.SignedInAsync(Role.viewer);
        using var answer = await viewer.GetAsync("/tickets/new", Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var html = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("You may not do this", html);
        Assert.Contains("Ask an administrator", html);
        Assert.Contains("Go to all tickets", html);
        Assert.DoesNotContain("New ticket", html);
    }

    [Fact]
    public async Task A_fault_is_a_whole_page_that_needs_no_database()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        File.Delete(new SqliteConnectionStringBuilder(desk.Database.Settings.ConnectionString).DataSource);
        var writer = desk.Services.GetServices<IFaultWriter>().Single(w => w.Prefix == "/");
        foreach (var status in (int[])[400, 404, 405, 409, 413, 415, 418, 429, 500, 503])
        {
            await using var scope = desk.Services.CreateAsyncScope();
            using var body = new MemoryStream();
            var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
            context.Response.Body = body;
            await writer.WriteAsync(context, FaultPage.Of(status) with { Code = "any", Message = "What <happened> & what to do." });

            var html = Encoding.UTF8.GetString(body.ToArray());
            Assert.Equal(status, context.Response.StatusCode);
            Assert.StartsWith("text/html", context.Response.ContentType);
            Assert.Contains($"<h1>{FaultPage.Heading(status)}</h1>", html);
            Assert.Contains("What &lt;happened&gt; &amp; what to do.", html);
            Assert.EndsWith("</html>", html.TrimEnd());
            Assert.False(string.IsNullOrWhiteSpace(FaultPage.Of(status).Message));
        }
    }
}
