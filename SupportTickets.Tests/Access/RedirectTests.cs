using System.Net;
using System.Text;
using CsCheck;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Access;

/// <summary>Wherever the desk sends a browser: to itself, and by a header that every server and browser can read.</summary>
public sealed class RedirectTests
{
    // What makes browsers leave, what no header takes, and what people search for.
    private static readonly Gen<string> Piece = Gen.OneOf(
        Gen.OneOf("/", "//", "\\", "/\\", "/tickets", "?search=", "&", "#", "evil.example", "https://evil.example", "javascript:", "@"),
        Gen.OneOf("..", "./", "~/", "%2F", "%5C", "%09", "%0d%0a"),
        Gen.OneOf("\t", "\r\n", "\0", "\u000b", "\u001f", "\u007f", "\u0085", "\u00a0", "\u00ad", "\u200b"),
        Gen.OneOf("\u2028", "\u2029", "\u202e", "\ufeff", "\uff0f", "\u2215", "\u2044", "\ud800", "\udc00"),
        Gen.OneOf("\u00e9", "e\u0301", "\u00df", "\u4e2d\u6587", "\ud83c\udfab", "\u0130"),
        Gen.OneOf(" ", "\"", "<", ">", "'", "`", "{", "}", "|", "^", "%", "+"),
        Gen.Char[' ', '~'].Select(c => c.ToString()), Gen.Char.Select(c => c.ToString()));

    private static readonly Gen<string> Address = Gen.Select(
        Gen.OneOf("/", "/tickets?search=", "/tickets", ""), Piece.Array[0, 12], (start, pieces) => start + string.Concat(pieces));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signing_in_leads_to_this_desk_in_ascii_whatever_the_address_says()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: ("ACCESS", "closed"));
        using var client = await desk.SignedInAsync(Role.viewer);
        await Address.ForSamplesAsync(1500, async address =>
        {
            // Who is signed in already is sent on by the page at once.
            using var answer = await client.GetAsync($"/sign-in?returnUrl={Encoded(address)}", Cancel);
            Assert.Equal((address, HttpStatusCode.Redirect), (address, answer.StatusCode));
            var location = LocationOf(answer);
            AssertOurs(location);
            if (!IsLocal(address) || address.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029')) Assert.Equal("/", location);
            else if (!address.Contains('%')) Assert.Equal(Uri.UnescapeDataString(Encoded(address)), Uri.UnescapeDataString(location));
        });
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("///evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("/\r\n\r\n<script>")]
    [InlineData("/\u0085/evil.example")]
    [InlineData("/\u2028/evil.example")]
    [InlineData("/\u2029/evil.example")]
    [InlineData("\u2028//evil.example")]
    [InlineData(" //evil.example")]
    [InlineData("~//evil.example")]
    [InlineData("http:evil.example")]
    [InlineData("https:/evil.example")]
    [InlineData("data:text/html,x")]
    public async Task What_leads_elsewhere_leads_home(string address)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: ("ACCESS", "closed"));
        var person = await desk.AddPersonAsync(Role.viewer);
        using var client = desk.NewClient();
        using var answer = await client.SignInAsync(person.Email!, People.Password, returnUrl: address);
        Assert.Equal((HttpStatusCode.Redirect, "/"), (answer.StatusCode, LocationOf(answer)));
    }

    [Fact]
    public async Task The_gate_leads_to_sign_in_and_from_there_back_to_what_was_asked_for()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: ("ACCESS", "closed"));
        using var signedIn = await desk.SignedInAsync(Role.viewer);
        using var stranger = desk.NewClient();
        await Address.Where(a => IsLocal(a) && !a.Contains('%') && !a.Contains('#')).ForSamplesAsync(300, async address =>
        {
            var path = "/tickets?search=" + Encoded(address);
            using var refused = await stranger.GetAsync(path, Cancel);
            AssertOurs(LocationOf(refused));
            using var back = await signedIn.GetAsync(LocationOf(refused), Cancel);
            AssertOurs(LocationOf(back));
            Assert.Equal(Uri.UnescapeDataString(path), Uri.UnescapeDataString(LocationOf(back)));
        });
    }

    [Theory, Providers]
    public async Task Every_page_that_sends_on_to_a_list_with_letters_beyond_ascii_arrives_there(Provider provider)
    {
        const string list = "/tickets?search=\u00e9\u4e2d\ud83c\udfab";
        // Kestrel refuses to send a header that is not ASCII.
        await using var desk = await Desk.StartAsync(provider, kestrel: true, settings: ("ACCESS", "closed"));
        var ticket = await desk.AddTicketAsync("\u00e9\u4e2d\ud83c\udfab");
        var person = await desk.AddPersonAsync(Role.agent);
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = desk.Address };
        using (var refused = await client.GetAsync(list, Cancel))
            Assert.Equal($"/sign-in?returnUrl={Encoded($"/tickets?search={Encoded("\u00e9\u4e2d\ud83c\udfab")}")}", LocationOf(refused));
        using (var signedIn = await client.SignInAsync(person.Email!, People.Password, returnUrl: list))
            await ArrivesAsync(signedIn);
        using (var changed = await client.PostFormAsync(list, list, ("ticket", $"{ticket.Id}.{ticket.Version}"), ("priority", "high")))
            await ArrivesAsync(changed);
        (string, string)[] view = [("view", "A view"), ("address", list.Split('?')[1])];
        using (var saved = await client.PostFormAsync("/settings/views", "/settings/views?handler=Save", view))
            await ArrivesAsync(saved);

        async Task ArrivesAsync(HttpResponseMessage answer)
        {
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            AssertOurs(LocationOf(answer));
            using var arrived = await client.GetAsync(LocationOf(answer), Cancel);
            Assert.Equal(HttpStatusCode.OK, arrived.StatusCode);
            Assert.Matches($"/tickets/{ticket.Id}[\"?]", await arrived.Content.ReadAsStringAsync(Cancel));
        }
    }

    // As browsers read it: they take a backslash for a slash, and read over tabs and line breaks.
    private static void AssertOurs(string location)
    {
        Assert.True(location.All(c => c is > ' ' and <= '~'), location);
        var seen = location.Replace('\\', '/');
        Assert.True(seen.StartsWith('/') && !seen.StartsWith("//", StringComparison.Ordinal), location);
    }

    private static bool IsLocal(string address) => address is ['/', ..] && address is not ['/', '/' or '\\', ..];

    // What a lone half of a pair becomes when it is encoded, it is from the start.
    private static string Encoded(string text) => Uri.EscapeDataString(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));

    private static string LocationOf(HttpResponseMessage answer) => answer.Headers.GetValues("Location").Single();
}
