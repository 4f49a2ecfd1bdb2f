using System.Net;
using System.Text;
using System.Text.Json;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;

namespace SupportTickets.Tests.Rest;

/// <summary>Bodies in other charsets than UTF-8, which the older system decoded as they say.</summary>
public sealed class CharsetTests(SharedDesks desks) : IClassFixture<SharedDesks>
{
    private const string Title = "café";

    public static TheoryData<Provider, string, string, string> Charsets => new(
        new (string Names, string Charset, string Title)[]
        {
            ("latin-1,latin1,latin_1,LATIN-1,iso-8859-1,iso8859-1,ISO_8859_1,iso88591,l1,cp819,\"latin-1\"", "iso-8859-1", Title),
            ("utf-8,UTF8,utf_8,u8,nope,utf-7,,\"\"", "utf-8", "café 中文 🎫"),
            ("windows-1252,cp1252,WINDOWS_1252", "windows-1252", "„café“ €"),
            ("iso-8859-15,latin9,iso8859-15", "iso-8859-15", "café €"),
            ("windows-1251,cp1251", "windows-1251", "привет"),
            ("koi8-r,koi8_r", "koi8-r", "привет"),
            ("shift_jis,sjis,shift-jis", "shift_jis", "日本語"),
            ("euc-jp,euc_jp,eucjp", "euc-jp", "日本語"),
            ("gb18030", "gb18030", "中文 🎫"),
            ("gb2312,gbk", "gb2312", "中文"),
            ("big5", "big5", "中文"),
            ("cp437,ibm437", "ibm437", Title),
            ("utf-16,utf16,UTF_16,utf-16le,utf_16_le,utf16-le", "utf-16", "café 🎫"),
            ("utf-16be,utf_16_be", "utf-16BE", "café 🎫"),
            ("utf-32,utf32", "utf-32", "café 🎫"),
            ("ascii,us-ascii,us_ascii", "us-ascii", "cafe"),
        }.SelectMany(c => new[] { Provider.Sqlite, Provider.Postgres }.Select(provider => (provider, c.Names, c.Charset, c.Title))));

    [Theory, MemberData(nameof(Charsets))]
    public async Task A_body_is_read_in_the_charset_that_it_names(Provider provider, string names, string charset, string title)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = Encoding.GetEncoding(charset);
        var desk = await DeskAsync(provider);
        foreach (var name in names.Split(','))
        {
            var json = $$"""{"title":"{{title}}","description":"d","category":"general","priority":"low"}""";
            Assert.Equal(title, await CreatedAsync(desk, encoding.GetBytes(json), $"application/json; charset={name}"));
            var form = string.Concat(encoding.GetBytes(title).Select(b => $"%{b:X2}"));
            if (encoding.GetByteCount("a") == 1)
            {
                Assert.Equal(
                    title,
                    await CreatedAsync(
                        desk, Encoding.ASCII.GetBytes($"title={form}&description=d&category=general&priority=low"),
                        $"application/x-www-form-urlencoded; charset={name}"));
                byte[] raw = [.. "title="u8, .. encoding.GetBytes(title), .. "&description=d&category=general&priority=low"u8];
                Assert.Equal(title, await CreatedAsync(desk, raw, $"application/x-www-form-urlencoded; charset={name}"));
            }
            byte[] parts =
            [
                .. "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n"u8,
                .. encoding.GetBytes(title),
                .. new[] { "description", "category", "priority" }
                    .Zip([" d", "general", "low"], (n, v) => (n, v))
                    .SelectMany(f =>
                        (byte[])
                            [
                                .. Encoding.ASCII.GetBytes($"\r\n--b\r\nContent-Disposition: form-data; name=\"{f.n}\"\r\n\r\n"),
                                .. encoding.GetBytes(f.v),
                            ]),
                .. "\r\n--b--\r\n"u8,
            ];
            Assert.Equal(title, await CreatedAsync(desk, parts, $"multipart/form-data; boundary=b; charset={name}"));
        }
    }

    [Theory, Providers]
    public async Task A_mark_of_the_byte_order_is_read_and_a_change_is_decoded_as_well(Provider provider)
    {
        var desk = await DeskAsync(provider);
        var body = $$"""{"title":"{{Title}}","description":"d","category":"general","priority":"low"}""";
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
            Assert.Equal(
                Title,
                await CreatedAsync(
                    desk, [.. encoding.GetPreamble(), .. encoding.GetBytes(body)], "application/json; charset=utf-16"));
        var ticket = await desk.AddTicketAsync();
        const string Latin1 = "application/json; charset=latin-1";
        var title = Sent(Encoding.Latin1.GetBytes("""{"title":"Größe"}"""), Latin1);
        var changed = await desk.SendAsync("PATCH", $"/api/tickets/{ticket.Id}/", title).TextAsync();
        Assert.Equal("Größe", JsonDocument.Parse(changed).RootElement.GetProperty("title").GetString());
        var description = Sent(Encoding.Latin1.GetBytes("""{"description":"Größe. Rest"}"""), Latin1);
        var classified = await desk.SendAsync("POST", "/api/tickets/suggest-title/", description).TextAsync();
        Assert.Equal("Größe", JsonDocument.Parse(classified).RootElement.GetProperty("suggested_title").GetString());
    }

    [Theory, Providers]
    public async Task A_body_that_is_none_of_its_charset_is_a_parse_error(Provider provider)
    {
        var desk = await DeskAsync(provider);
        foreach (var (charset, name) in new[] { ("us-ascii", "us-ascii"), ("utf-8", "UTF-8"), ("nope", "UTF-8"), ("utf-16", "utf-16") })
        {
            byte[] body = [.. "{\"title\":\""u8, 0xE9, 0xFF, 0x00, 0xDC, .. "\"}"u8];
            var answer = await desk.SendAsync(
                    "POST",
                    "/api/tickets/",
                    Sent(charset == "utf-16" ? [0x22, 0x00, 0x00, 0xDC, 0x22, 0x00] : body, $"application/json; charset={charset}"))
                .TextAsync(HttpStatusCode.BadRequest);
            Assert.Equal($$"""{"detail":"JSON parse error - The text is not valid {{name}}."}""", answer);
        }
    }

    // Each test looks only at the tickets that it creates.
    private async Task<Desk> DeskAsync(Provider provider) => (await desks.OfAsync(provider, p => FeedDesk.StartAsync(p))).Desk;

    private static async Task<string> CreatedAsync(Desk desk, byte[] body, string type)
    {
        var created = await desk.SendAsync("POST", "/api/tickets/", Sent(body, type)).TextAsync(HttpStatusCode.Created);
        return JsonDocument.Parse(created).RootElement.GetProperty("title").GetString()!;
    }

    private static ByteArrayContent Sent(byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}
