using CsCheck;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Core;
using SupportTickets.Data;
using SupportTickets.Tests.Core;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;
using SupportTickets.Tests.Pages;
using SupportTickets.Tests.Rest;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Search;

namespace SupportTickets.Tests.Tickets;

/// <summary>However a letter is spelled, every face finds the same.</summary>
public sealed class FoldedSearchTests
{
    private static readonly Gen<string> Text = FoldingTests.Word.Array[1, 4].Select(words => string.Join(' ', words));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Every_face_finds_each_spelling(Provider provider)
    {
        await using var feed = await FeedDesk.StartAsync(provider);
        var desk = feed.Desk;
        var site = new Site(desk);
        await desk.AddTicketAsync("STRASSE", "Reise nach İstanbul");
        await desk.AddTicketAsync("Straße", "ISTANBUL, OFFICE");
        await desk.AddTicketAsync("Große ﬁle", "logın");
        await desk.AddRequesterAsync("Jörg Weiß", "İstanbul Oﬃce");
        await desk.AddRequesterAsync("Ada", "WEISS Istanbul office");
        foreach (var (search, titles, requesters) in ((string, string, string)[])
        [
            ("Straße", "STRASSE,Straße", ""),
            ("strasse", "STRASSE,Straße", ""),
            ("istanbul", "STRASSE,Straße", "Ada,Jörg Weiß"),
            ("İSTANBUL", "STRASSE,Straße", "Ada,Jörg Weiß"),
            ("ıstanbul", "STRASSE,Straße", "Ada,Jörg Weiß"),
            ("ß", "Große ﬁle,STRASSE,Straße", "Ada,Jörg Weiß"),
            ("ss", "Große ﬁle,STRASSE,Straße", "Ada,Jörg Weiß"),
            ("weiss", "", "Ada,Jörg Weiß"),
            ("office", "Straße", "Ada,Jörg Weiß"),
            ("FI", "Große ﬁle,Straße", "Ada,Jörg Weiß"),
            ("LOGIN", "Große ﬁle", ""),
            ("jorg", "", ""),
        ])
        {
            var typed = Uri.EscapeDataString(search);
            var rows = await feed.RowsAsync($"/odata/Tickets?$search=\"{typed}\"");
            var file = await desk.Client.GetStringAsync($"/tickets/export.csv?search={typed}", Cancel);
            foreach (var found in (IEnumerable<string>[])
            [
                await desk.TitlesAsync($"?search={typed}"),
                (await site.GetAsync($"/tickets?search={typed}")).Texts("tbody .stretch"),
                rows.Select(row => row["Title"]!.GetValue<string>()),
                file.Split("\r\n")[1..].Where(line => line.Length > 0).Select(line => line.Split('"')[1]),
            ])
                Assert.Equal((search, titles), (search, string.Join(',', found.Order(StringComparer.Ordinal))));
            Assert.Equal(requesters, string.Join(',', (await site.GetAsync($"/requesters?search={typed}")).Texts("tbody .stretch")));
        }

        // A text of which a part is in the title and a part in the description is in neither.
        Assert.Empty(await desk.TitlesAsync($"?search={Uri.EscapeDataString("\"strasse\u0001reise\"")}"));
        // The indexes follow each change.
        await using var db = desk.Database.Open();
        await db.Tickets.Where(t => t.Title == "Straße").ExecuteUpdateAsync(t => t.SetProperty(x => x.Title, "Weg"), Cancel);
        await db.Tickets.Where(t => t.Title == "Große ﬁle").ExecuteDeleteAsync(Cancel);
        await db.Requesters.Where(r => r.Name == "Jörg Weiß").ExecuteUpdateAsync(r => r.SetProperty(x => x.Name, "Ruß"), Cancel);
        await db.Requesters.Where(r => r.Name == "Ada").ExecuteDeleteAsync(Cancel);
        Assert.Equal(["STRASSE"], await desk.TitlesAsync("?search=straße"));
        Assert.Empty(await desk.TitlesAsync("?search=ﬁle"));
        Assert.Equal(["Weg"], await desk.TitlesAsync("?search=weg"));
        Assert.Equal(["Ruß"], (await site.GetAsync("/requesters?search=russ")).Texts("tbody .stretch"));
        Assert.Equal(["Ruß"], (await site.GetAsync("/requesters?search=istanbul")).Texts("tbody .stretch"));
        Assert.StartsWith("Nobody matches.", (await site.GetAsync("/requesters?search='jörg+weiß'")).Text(".empty"));
    }

    /// <summary>Whether a search is answered by an index or by reading the texts depends on its length, not on what it finds.</summary>
    [Theory, Providers]
    public async Task Every_database_finds_what_ours_compares_as_equal(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider);
        var titles = new List<string>();
        Text.ForSamples(titles.Add, count: 60);
        foreach (var title in titles.Distinct()) await desk.AddTicketAsync(title, ".");
        await using var db = desk.Database.Open();
        await FoldingTests.Word.ForSamplesAsync(80, async term =>
        {
            var found = await db.Search(db.Tickets, SearchTerms.Of(term)).Select(t => t.Title).ToListAsync(Cancel);
            Assert.Equal(
                (term, string.Join('|', titles.Distinct().Where(title => Folding.Contains(title, term)).Order(StringComparer.Ordinal))),
                (term, string.Join('|', found.Order(StringComparer.Ordinal))));
        });
    }

    [Fact]
    public async Task The_functions_of_PostgreSQL_compute_what_ours_do()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Postgres);
        await using var db = database.Open();
        var signs = Gen.OneOf(Gen.OneOf([.. " .,'\"\\-_\t\n\u00A0…。“".Select(sign => sign.ToString())]), FoldingTests.Word);
        var pairs = Gen.Select(signs.Array[1, 8].Select(string.Concat), signs.Array[1, 2].Select(string.Concat));
        await pairs.ForSamplesAsync(300, async pair =>
        {
            var (text, term) = pair;
            var rank = await db.Database.SqlQuery<int>($"SELECT search_rank({text}, {term}) AS \"Value\"").SingleAsync(Cancel);
            Assert.Equal((text, term, SearchFunctions.Rank(text, term)), (text, term, rank));
            var place = await db.Database.SqlQuery<int?>($"SELECT search_place({text}, {term}) AS \"Value\"").SingleAsync(Cancel);
            var ours = SearchFunctions.Place(text, term);
            var wider = Folding.Spelled(text).Length - text.Length;
            Assert.True(place == ours || (place < ours && place >= ours - wider), $"{term} in {text}: {place} instead of {ours}");
        });
    }
}
