using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Hosting;

/// <summary>A Host header that is no host: 400, in the format of the face wherever the request reaches it.</summary>
public sealed class HostHeaderTests(HostHeaderTests.AnyHostDesk any) : IClassFixture<HostHeaderTests.AnyHostDesk>
{
    private static readonly (string Path, string Type)[] Faces =
    [
        ("/", "text/html"), ("/tickets", "text/html"), ("/sign-in", "text/html"), ("/css/base.css", "text/html"),
        ("/tickets/export.csv", "text/html"), ("/nowhere", "text/html"),
        ("/api/", "application/json"), ("/api/tickets/", "application/json"),
        ("/odata", "application/json"), ("/odata/$metadata", "application/json"), ("/odata/Tickets", "application/json"),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1:99999")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("localhost:0")]
    [InlineData("localhost.")]
    [InlineData("localhost..")]
    [InlineData("localhost.:80")]
    [InlineData("a..b")]
    [InlineData("")]
    [InlineData("xn--")]
    [InlineData("XN--")]
    [InlineData("xn--zzzzzzzzzz99999")]
    [InlineData("a.xn--.localhost")]
    [InlineData("xn--:8000")]
    // The server itself refuses these, before there is a request that a face could answer.
    [InlineData(":80", false)]
    [InlineData("localhost:", false)]
    [InlineData("*", false)]
    [InlineData("local%68ost", false)]
    [InlineData("localhost:8o", false)]
    [InlineData("localhost:-1", false)]
    [InlineData("a b", false)]
    [InlineData("[::1", false)]
    [InlineData("::1", false)]
    [InlineData("user@localhost", false)]
    [InlineData("user:password@localhost", false)]
    [InlineData("b\u00fccher.example", false)]
    [InlineData("localhost/odata", false)]
    [InlineData("localhost, evil.example", false)]
    public async Task A_host_that_is_none_is_400_in_the_format_of_each_face(string host, bool reachesFaces = true)
    {
        foreach (var (path, type) in Faces)
        {
            foreach (var method in (string[])["GET", "POST"])
            {
                var (status, head, body) = await SendAsync(method, path, host);
                Assert.Equal((host, path, "400"), (host, path, status));
                if (reachesFaces) Assert.Contains($"Content-Type: {type}", head, StringComparison.OrdinalIgnoreCase);
                else Assert.Equal("", body);
                if (reachesFaces) Assert.Contains("Host header", body);
            }
        }
        if (reachesFaces) Assert.Equal("200", (await SendAsync("GET", "/healthz", host)).Status);
        if (reachesFaces) Assert.Equal("200", (await SendAsync("POST", "/healthz", host)).Status);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:8000")]
    [InlineData("localhost:65535")]
    [InlineData("my_desk-1.example.com:1")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("[2001:db8::7]:8443")]
    [InlineData("xn--mller-kva.de")]
    [InlineData("XN--MLLER-KVA.DE:8443")]
    [InlineData("desk.xn--bcher-kva.example")]
    [InlineData("xn--strae-oqa.de")]
    [InlineData("xn--e1afmkfd.xn--p1ai")]
    [InlineData("xn--wgbl6a.example")]
    [InlineData("xn--ls8h.la")]
    public async Task A_host_with_or_without_a_port_is_served(string host)
    {
        foreach (var path in (string[])["/", "/api/", "/odata/Tickets"])
            Assert.Equal((path, "200"), (path, (await SendAsync("GET", path, host)).Status));
        Assert.Contains($"//{host.ToLowerInvariant()}", (await SendAsync("GET", "/odata/Tickets", host)).Body.ToLowerInvariant());
    }

    [Theory]
    [InlineData("m\u00fcller.de", "xn--mller-kva.de", true)]
    [InlineData("M\u00dcLLER.de", "xn--mller-kva.de:8443", true)]
    [InlineData("xn--mller-kva.de,localhost", "xn--mller-kva.de", true)]
    [InlineData(".m\u00fcller.de", "xn--mller-kva.de", true)]
    [InlineData(".m\u00fcller.de", "desk.xn--mller-kva.de", true)]
    [InlineData("m\u00fcller.de", "desk.xn--mller-kva.de", false)]
    [InlineData("m\u00fcller.de", "muller.de", false)]
    [InlineData("m\u00fcller.de", "xn--bcher-kva.de", false)]
    [InlineData("::1", "[::1]:8000", true)]
    public async Task An_international_host_name_is_allowed_in_either_form_and_every_link_is_ASCII(string allowed, string host, bool served)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: ("ALLOWED_HOSTS", allowed));
        using var admin = desk.NewClient();
        admin.DefaultRequestHeaders.Host = host;
        foreach (var (path, _) in Faces.Where(face => face.Path != "/nowhere"))
        {
            using var answer = await admin.GetAsync(path, Cancel);
            Assert.Equal((path, served), (path, answer.StatusCode != HttpStatusCode.BadRequest));
            Assert.True((int)answer.StatusCode < 500, path);
        }
        if (!served)
            return;
        foreach (var path in (string[])
            ["/api/", "/odata", "/odata/Tickets?$top=0", "/connect", "/connect/tickets.odc", "/connect/tickets.pbids"])
        {
            var text = await admin.GetStringAsync(path, Cancel);
            Assert.Contains($"//{host}/", text);
            Assert.DoesNotContain("m\u00fcller", text);
        }
        using var content = new StringContent(
            """{"Title":"T","Description":"D","Category":"billing","Priority":"low"}""", null, "application/json");
        using var created = await admin.PostAsync("/odata/Tickets", content, Cancel);
        Assert.Equal($"http://{host}/odata/Tickets(1)", Assert.Single(created.Headers.GetValues("Location")));
    }

    [Fact]
    public async Task Over_HTTPS_and_in_a_batch_a_host_that_cannot_be_decoded_is_no_mistake_of_ours()
    {
        await using var desk = await Desk.StartAsync(
            Provider.Sqlite, kestrel: true,
            settings: [.. TestHost.Production(("ALLOWED_HOSTS", "*"), ("TRUSTED_PROXIES", "127.0.0.0/8,::1"))]);
        using var client = desk.NewClient();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.Host = "xn--";
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/", Cancel)).StatusCode);
        client.DefaultRequestHeaders.Host = "localhost";
        foreach (var host in (string[])["xn--", "xn--zzzzzzzzzz99999"])
        {
            var part = $"--b\r\nContent-Type: application/http\r\n\r\nGET /odata/Tickets HTTP/1.1\r\nHost: {host}\r\n\r\n\r\n--b--\r\n";
            using var batch = new StringContent(part);
            batch.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/mixed; boundary=b");
            using var answer = await client.PostAsync("/odata/$batch", batch, Cancel);
            Assert.DoesNotContain("HTTP/1.1 5", await answer.Content.ReadAsStringAsync(Cancel));
            Assert.True((int)answer.StatusCode < 500);
        }
    }

    // By hand: a client library would not send such a thing.
    private async Task<(string Status, string Head, string Body)> SendAsync(string method, string path, string host)
    {
        var address = any.Desk.Address;
        using var connection = new TcpClient();
        await connection.ConnectAsync(address.Host, address.Port, Cancel);
        await using var stream = connection.GetStream();
        var request = $"{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), Cancel);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync(Cancel);
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (answer.Split(' ')[1], answer[..end], answer[(end + 4)..]);
    }

    /// <summary>A desk that any host name leads to, over a real connection.</summary>
    public sealed class AnyHostDesk : IAsyncLifetime
    {
        public Desk Desk { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true, settings: ("ALLOWED_HOSTS", "*"));

        public ValueTask DisposeAsync() => Desk.DisposeAsync();
    }
}
