using System.Net.Sockets;
using System.Text;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Hosting;

public sealed class LargeUploadTests
{
    private const int Chunk = 64 * 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // A client that sends all it has before it reads anything.
    [Theory]
    [InlineData("/api/tickets/", "application/json", false)]
    [InlineData("/api/tickets/", "application/json", true)]
    [InlineData("/api/tickets/", "application/x-www-form-urlencoded", true)]
    [InlineData("/odata/Tickets", "application/json", false)]
    [InlineData("/odata/$batch", "multipart/mixed; boundary=b", true)]
    [InlineData("/tickets/new", "application/x-www-form-urlencoded", false)]
    [InlineData("/nothing/there", "application/json", false)]
    public async Task Who_sends_more_than_is_taken_reads_413_and_no_lost_connection(string path, string type, bool chunked)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        const int Chunks = 640; // 40 MiB, four times the limit and far more than a socket holds
        using var client = new TcpClient();
        await client.ConnectAsync(desk.Address.Host, desk.Address.Port, Cancel);
        await using var stream = client.GetStream();
        var length = chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {(long)Chunks * Chunk}";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\n{length}\r\n\r\n"), Cancel);
        byte[] piece = chunked ? [.. Encoding.ASCII.GetBytes($"{Chunk:x}\r\n"), .. Blanks(), .. "\r\n"u8] : Blanks();
        for (var n = 0; n < Chunks; n++)
            await stream.WriteAsync(piece, Cancel);
        if (chunked)
            await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), Cancel);
        var answer = await new StreamReader(stream).ReadToEndAsync(Cancel);
        Assert.StartsWith("HTTP/1.1 413 ", answer);
        Assert.Contains("\r\nConnection: close\r\n", answer);
        Assert.Contains(path.StartsWith("/api", StringComparison.Ordinal) || path.StartsWith("/odata", StringComparison.Ordinal)
            ? "10485760" : "A form has at most 10.5 MB of text.", answer);
        Assert.Empty(await desk.TicketsAsync());
    }

    [Fact]
    public async Task Who_reads_while_sending_has_the_answer_at_once_and_who_asks_first_need_not_send()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, kestrel: true);
        foreach (var expect in new[] { "", "Expect: 100-continue\r\n" })
        {
            using var client = new TcpClient();
            await client.ConnectAsync(desk.Address.Host, desk.Address.Port, Cancel);
            await using var stream = client.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes(
                    "POST /api/tickets/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + $"{expect}Content-Length: 20000000\r\n\r\n"),
                Cancel);
            var begin = new byte[12];
            await stream.ReadExactlyAsync(begin, Cancel);
            Assert.Equal("HTTP/1.1 413", Encoding.ASCII.GetString(begin));
        }
    }

    private static byte[] Blanks()
    {
        var blanks = new byte[Chunk];
        Array.Fill(blanks, (byte)' ');
        return blanks;
    }
}
