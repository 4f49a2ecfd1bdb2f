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
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:8000")]
    [InlineData("localhost:65535")]
    [InlineData("my_desk-1.example.com:1")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("[2001:db8::7]:8443")]
    public async Task A_host_with_or_without_a_port_is_served(string host)
    {
        foreach (var path in (string[])["/", "/api/", "/odata/Tickets"])
            Assert.Equal((path, "200"), (path, (await SendAsync("GET", path, host)).Status));
        Assert.Contains($"//{host.ToLowerInvariant()}", (await SendAsync("GET", "/odata/Tickets", host)).Body.ToLowerInvariant());
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
