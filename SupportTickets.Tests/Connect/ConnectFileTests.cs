using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Analytics;
using SupportTickets.Connect;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Connect;

public sealed partial class ConnectFileTests
{
    private const string Options = ", null, [Implementation=\"2.0\", ODataVersion=4, OmitValues=ODataOmitValues.Nulls])";

    private static readonly XNamespace Odc = "urn:schemas-microsoft-com:office:odc", Mashup = "http://schemas.microsoft.com/DataMashup";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> ExcelFiles =>
        [.. ConnectFile.All.Where(f => f.Name.EndsWith(".odc", StringComparison.Ordinal)).Select(f => f.Name)];

    [Fact]
    public async Task The_file_for_Power_BI_names_the_feed_of_the_host_it_was_asked_by()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: [("ALLOWED_HOSTS", "desk.example.com")]);
        using var answer = await GetAsync(desk, "tickets.pbids", "desk.example.com:8443");
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        var expected = JsonNode.Parse("""
            {
              "version": "0.1",
              "connections": [
                {"details":{"protocol":"odata","address":{"url":"http://desk.example.com:8443/odata/"}},"mode":"Import"}
              ]
            }
            """);
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))));
    }

    [Fact]
    public async Task Every_file_is_a_download_under_its_own_name_that_is_not_kept()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        Assert.Equal(
            ["tickets.odc", "tickets-per-day.odc", "backlog.odc", "resolution-times.odc", "tickets.pbids"],
            ConnectFile.All.Select(f => f.Name)); // people have links to them
        foreach (var file in ConnectFile.All)
        {
            using var answer = await GetAsync(desk, file.Name);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(
                ("attachment", file.Name),
                (answer.Content.Headers.ContentDisposition!.DispositionType, answer.Content.Headers.ContentDisposition.FileName));
            Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            using var head = await desk.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/connect/{file.Name}"), Cancel);
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        }
        using var missing = await GetAsync(desk, "nothing.odc");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using var post = await desk.Client.PostAsync("/connect/tickets.odc", null, Cancel);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Theory]
    [MemberData(nameof(ExcelFiles))]
    public async Task A_file_for_Excel_is_a_page_with_a_connection_and_a_query(string name)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        using var answer = await GetAsync(desk, name);
        Assert.Equal("text/x-ms-odc", answer.Content.Headers.ContentType!.MediaType);
        var (connection, mashup) = Read(await answer.Content.ReadAsStringAsync(Cancel));

        var query = Assert.Single(mashup.Descendants(Mashup + "Query"));
        var location = query.Attribute("Name")!.Value;
        Assert.Matches("^[A-Za-z]+$", location);
        var source = Assert.Single(connection.Elements(Odc + "PowerQueryConnection"));
        Assert.Equal("OLEDB", source.Attribute(Odc + "Type")!.Value);
        Assert.Equal(
            $"Provider=Microsoft.Mashup.OleDb.1;Data Source=$Workbook$;Location={location};Extended Properties=\"\"",
            source.Element(Odc + "ConnectionString")!.Value);
        Assert.Equal($"SELECT * FROM [{location}]", source.Element(Odc + "CommandText")!.Value);
        Assert.Matches(@"^let\s+Source = OData\.Feed\(""http://localhost/odata/", query.Element(Mashup + "Formula")!.Value);
        Assert.Contains(Options, query.Element(Mashup + "Formula")!.Value);
    }

    [Fact]
    public async Task The_file_of_all_tickets_starts_from_the_root_of_the_feed()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        Assert.Equal(
            $"let Source = OData.Feed(\"http://localhost/odata/\"{Options}, "
                + "Tickets = Source{[Name=\"Tickets\",Signature=\"table\"]}[Data] in Tickets",
            Whitespace().Replace(await FormulaAsync(desk, "tickets.odc"), " "));
    }

    [Theory, Providers]
    public async Task The_ready_questions_are_answered_with_the_numbers_of_the_desk(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(60);
        await using var scope = desk.Services.CreateAsyncScope();
        var stats = await scope.ServiceProvider.GetRequiredService<StatsQuery>().HandleAsync(Cancel);
        async Task<List<JsonObject>> Rows(string file) => await desk.RowsAsync(Address(await FormulaAsync(desk.Client, file)));
        static int Sum(IEnumerable<JsonObject> rows, string of) => rows.Sum(row => row[of]!.GetValue<int>());

        var days = await Rows("tickets-per-day.odc");
        Assert.Equal(stats.Total, Sum(days, "Created"));
        Assert.Equal(stats.PerDay, (double)stats.Total / days.Count, 1e-9);
        Assert.Equal(
            days.Select(d => d["CreatedDate"]!.GetValue<string>()).Order(StringComparer.Ordinal),
            days.Select(d => d["CreatedDate"]!.GetValue<string>()));

        var backlog = await Rows("backlog.odc");
        Assert.Equal(
            stats
                .ByStatus.Where(s => s.Key is SupportTickets.Tickets.Status.open or SupportTickets.Tickets.Status.in_progress)
                .Sum(s => s.Value),
            Sum(backlog, "Tickets"));
        Assert.All(backlog, row => Assert.Contains(row["Status"]!.GetValue<string>(), (string[])["open", "in_progress"]));

        var times = await Rows("resolution-times.odc");
        await using var db = desk.Database.Open();
        var done = db.Tickets.Where(t => t.ResolutionMinutes != null).Select(t => t.ResolutionMinutes!.Value).ToList();
        Assert.Equal(done.Count, Sum(times, "Resolved"));
        Assert.Equal(done.Sum(), times.Sum(row => row["Resolved"]!.GetValue<int>() * row["AverageMinutes"]!.GetValue<double>()), 1e-6);
        Assert.Equal(
            (done.Min(), done.Max()),
            (times.Min(row => row["ShortestMinutes"]!.GetValue<int>()), times.Max(row => row["LongestMinutes"]!.GetValue<int>())));
    }

    [Theory]
    [InlineData("a\"b.example")]
    [InlineData("a'b.example")]
    [InlineData("a&amp;b.example")]
    [InlineData("x\"><script>alert(1)</script>")]
    [InlineData("#(lf).example")]
    [InlineData("]]>.example")]
    [InlineData("user@desk.example")]
    public async Task A_host_with_odd_characters_gets_no_file(string host)
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: [("ALLOWED_HOSTS", "*")]);
        foreach (var path in ConnectFile.All.Select(f => f.Name).Append(""))
        {
            using var answer = await GetAsync(desk, path, host);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.DoesNotContain("alert(1)", await answer.Content.ReadAsStringAsync(Cancel));
        }
    }

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("#(lf)", "\"#(#)(lf)\"")]
    [InlineData("a#b", "\"a#b\"")]
    [InlineData("a\r\nb", "\"a#(000D)#(000A)b\"")]
    public void Text_in_a_formula_cannot_end_it(string text, string literal) => Assert.Equal(literal, PowerQuery.Text(text));

    [Fact]
    public void Markup_in_an_address_stays_text_in_both_layers()
    {
        var address = new Uri("http://desk.example/a&b'<x>]]>/odata/");
        foreach (var file in ConnectFile.All.Where(f => f.Name.EndsWith(".odc", StringComparison.Ordinal)))
        {
            var formula = Read(file.Content(address)).Mashup.Descendants(Mashup + "Formula").Single().Value;
            Assert.Contains($"OData.Feed(\"{address.AbsoluteUri}", formula);
        }
    }

    [Fact]
    public async Task The_first_requests_of_Excel_are_answered()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite);
        await desk.SeedAsync(5);
        (string, string)[] excel =
        [
            (
                "Accept",
                "application/json;odata.metadata=minimal;q=1.0,application/json;odata=minimalmetadata;q=0.9,"
                    + "application/atomsvc+xml;q=0.8,*/*;q=0.5"),
            ("OData-MaxVersion", "4.0"),
        ];
        var root = await desk.GetAsync("/odata/", excel);
        Assert.Contains(root["value"]!.AsArray(), set => set!["url"]!.GetValue<string>() == "Tickets");
        using var metadata = await desk.SendAsync(HttpMethod.Get, "/odata/$metadata", (HttpContent?)null, ("Accept", "application/xml"));
        Assert.Equal("application/xml", metadata.Content.Headers.ContentType!.MediaType);
        Assert.Equal(5, (await desk.GetAsync("/odata/Tickets?$top=1000", excel))["value"]!.AsArray().Count);
        Assert.Equal(5, (await desk.GetAsync("/odata/Tickets?$top=2000000", excel))["value"]!.AsArray().Count);
        Assert.Equal(5, (await desk.GetAsync("/odata/Tickets?$select=Id,Status&$top=1000", excel))["value"]!.AsArray().Count);
    }

    private static (XElement Connection, XElement Mashup) Read(string html)
    {
        var page = new HtmlParser().ParseDocument(html);
        Assert.Empty(page.QuerySelectorAll("script"));
        Assert.NotNull(page.QuerySelector("xml#msodc"));
        var island = html[(html.IndexOf("<xml id=msodc>", StringComparison.Ordinal) + "<xml id=msodc>".Length)..];
        var connection = XElement.Parse(island[..island.IndexOf("</xml>", StringComparison.Ordinal)]);
        return (connection, XElement.Parse(connection.Element(Odc + "PowerQueryMashupData")!.Value));
    }

    private static Task<string> FormulaAsync(Desk desk, string file) => FormulaAsync(desk.Client, file);

    private static async Task<string> FormulaAsync(HttpClient client, string file) =>
        Read(await client.GetStringAsync($"/connect/{file}", Cancel)).Mashup.Descendants(Mashup + "Formula").Single().Value;

    private static string Address(string formula) => Regex.Match(formula, "OData\\.Feed\\(\"([^\"]+)\"").Groups[1].Value;

    private static async Task<HttpResponseMessage> GetAsync(Desk desk, string file, string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, file.Length == 0 ? "/connect" : $"/connect/{file}");
        if (host is not null) request.Headers.TryAddWithoutValidation("Host", host);
        return await desk.Client.SendAsync(request, Cancel);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
