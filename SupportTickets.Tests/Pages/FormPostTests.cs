using System.Net;
using System.Text;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Access.Tokens;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Pages;

/// <summary>Forms that no page of the desk sends: malformed bodies, text that is none, handlers that are not there.</summary>
public sealed class FormPostTests
{
    private const string MarkField = "__RequestVerificationToken", UrlEncoded = "application/x-www-form-urlencoded";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_form_that_cannot_be_read_is_400_for_everybody(Provider provider)
    {
        await using var desk = await Desk.StartAsync(
            provider, settings: [("ACCESS", "submit"), ("RATE_LIMIT_SIGN_IN", "0"), ("RATE_LIMIT_ANONYMOUS", "0")]);
        const string multipart = "multipart/form-data; boundary=x";
        var (part, longest) = ("--x\r\nContent-Disposition: form-data; name=\"title\"\r\n", new string('b', 100));
        (string Type, string Body)[] forms =
        [
            (multipart, "garbage"),
            (multipart, "--x"),
            (multipart, $"{part}\r\nA title"),
            (multipart, $"{part}\r\nA title\r\n--x"),
            (multipart, part),
            (multipart, $"{part}Content-Type: text/plain; charset=utf-7\r\n\r\nA title\r\n--x--\r\n"),
            (multipart, "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\nA file"),
            (multipart, "--x\r\nno header\r\n\r\nA title\r\n--x--\r\n"),
            ($"multipart/form-data; boundary={longest}", "x"), ("multipart/form-data", "x"), ("multipart/form-data; boundary=\"\"", "x"),
            ($"{UrlEncoded}; charset=utf-7", "title=A"), (UrlEncoded, "title=%00"),
        ];
        foreach (var url in (string[])["/sign-in", "/tickets/new", "/tickets/new?handler=Title", "/invitation?code=x"])
        {
            foreach (var (type, body) in forms)
            {
                using var answer = await SendAsync(desk.Client, HttpMethod.Post, url, type, body);
                Assert.Equal((url, type, body, HttpStatusCode.BadRequest), (url, type, body, answer.StatusCode));
                Assert.Contains("class=\"brand\"", await answer.Content.ReadAsStringAsync(Cancel));
            }
        }
        Assert.Empty(await desk.TicketsAsync());
        // A page that is only read does not look at it.
        foreach (var url in (string[])["/sign-in", "/tickets/new"])
        {
            foreach (var (type, body) in forms)
            {
                using var answer = await SendAsync(desk.Client, HttpMethod.Get, url, type, body);
                Assert.Equal((url, type, body, HttpStatusCode.OK), (url, type, body, answer.StatusCode));
            }
        }
    }

    [Theory, Providers]
    public async Task Bytes_of_a_form_that_are_no_text_are_refused_and_the_replacement_character_itself_is_taken(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var page = await new Site(desk).GetAsync("/tickets/new");
        var mark = page.Value(MarkField);
        foreach (var broken in (byte[][])[[0xED, 0xA0, 0xBD], [0xC3], [0xFF], [0xF0, 0x9F, 0x98]])
        {
            var encoded = string.Concat(broken.Select(b => $"%{b:X2}"));
            var rest = $"&description=D&category=general&priority=low&{MarkField}={Uri.EscapeDataString(mark)}";
            using var urlEncoded = await SendAsync(desk.Client, HttpMethod.Post, "/tickets/new", UrlEncoded, $"title=A{encoded}{rest}");
            Assert.Equal((encoded, HttpStatusCode.BadRequest), (encoded, urlEncoded.StatusCode));
            using var parts = Parts(mark, [.. "A"u8, .. broken]);
            using var multipart = await desk.Client.PostAsync("/tickets/new", parts, Cancel);
            Assert.Equal((encoded, HttpStatusCode.BadRequest), (encoded, multipart.StatusCode));
        }
        Assert.Empty(await desk.TicketsAsync());
        const string written = "100 %ED is \uFFFD \uD83D\uDE00";
        using (
            var form = new FormUrlEncodedContent([
                new("title", written), new("description", "D"), new("category", "general"), new("priority", "low"), new(MarkField, mark),
            ]))
            Assert.Equal(HttpStatusCode.Redirect, (await desk.Client.PostAsync("/tickets/new", form, Cancel)).StatusCode);
        using (var parts = Parts(mark, Encoding.UTF8.GetBytes(written)))
            Assert.Equal(HttpStatusCode.Redirect, (await desk.Client.PostAsync("/tickets/new", parts, Cancel)).StatusCode);
        Assert.Equal([written, written], (await desk.TicketsAsync()).Select(t => t.Title));
    }

    [Theory, Providers]
    public async Task A_handler_that_a_page_does_not_have_is_405_on_every_page(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: [("ACCESS", "closed"), ("RATE_LIMIT_SIGN_IN", "0")]);
        await desk.AddTicketAsync();
        using var admin = await desk.SignedInAsync(Role.admin);
        var account = new HtmlParser().ParseDocument(await admin.GetStringAsync("/settings/account", Cancel));
        var mark = account.QuerySelector($"input[name={MarkField}]")!.GetAttribute("value")!;
        var pages = desk.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<PageActionDescriptor>() is not null)
            .Select(e => "/" + e.RoutePattern.RawText!.Replace("{id:int}", "1", StringComparison.Ordinal).TrimStart('/'))
            .Distinct()
            .ToList();
        Assert.InRange(pages.Count, 15, 40);
        foreach (var url in pages
            .SelectMany(page => (string[])[$"{page}?handler=Foo", $"{page}?handler=Foo&handler=Name", $"{page}?handler=%00"])
            .Concat([
                "/settings/account", "/settings/account?handler=", "/settings/users/1", "/settings/views", "/settings/views?x=1",
            ]))
        {
            using var form = new FormUrlEncodedContent([
                new(MarkField, mark), new("name", "Foo"), new("scope", "read"), new("days", "30"), new("title", "T"),
            ]);
            using var answer = await admin.PostAsync(url, form, Cancel);
            Assert.Equal(
                (url, HttpStatusCode.MethodNotAllowed, "GET, HEAD"),
                (url, answer.StatusCode, string.Join(", ", answer.Content.Headers.Allow)));
        }
        using (var put = await SendAsync(admin, HttpMethod.Put, "/settings/account?handler=name", UrlEncoded, ""))
            Assert.Equal(
                (HttpStatusCode.MethodNotAllowed, "GET, HEAD, POST"), (put.StatusCode, string.Join(", ", put.Content.Headers.Allow)));
        using (var named = await admin.PostFormAsync("/settings/account", "/settings/account?handler=NAME", ("name", "New Name")))
            Assert.Equal("/settings/account?saved=name", named.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/settings/account?handler=Foo", Cancel)).StatusCode);
        await using var db = desk.Database.Open();
        Assert.Empty(db.AccessTokens);
    }

    private static MultipartFormDataContent Parts(string mark, byte[] title) => new()
    {
        { new ByteArrayContent(title), "title" }, { new StringContent("D"), "description" }, { new StringContent("general"), "category" },
        { new StringContent("low"), "priority" }, { new StringContent(mark), MarkField },
    };

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string url, string type, string body)
    {
        using var request = new HttpRequestMessage(method, url) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        return await client.SendAsync(request, Cancel);
    }
}
