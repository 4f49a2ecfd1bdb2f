using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.OData.Request;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Differential;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.OData.Straight;

/// <summary>What changes the JSON of an answer beside the query.</summary>
/// <param name="Level">How much metadata is asked for.</param>
/// <param name="Is401">Whether the answer may be of OData 4.01.</param>
/// <param name="LongsAsText">Whether IEEE754Compatible is asked for.</param>
/// <param name="OmitsNulls">Whether properties without a value are to be left out.</param>
internal sealed record AskedFormat(string Level, bool Is401, bool LongsAsText, bool OmitsNulls)
{
    /// <summary>Every combination.</summary>
    public static readonly IReadOnlyList<AskedFormat> All =
    [
        .. from level in new[] { "minimal", "none", "full" }
        from is401 in new[] { false, true }
        from longsAsText in new[] { false, true }
        from omitsNulls in new[] { false, true }
        select new AskedFormat(level, is401, longsAsText, omitsNulls),
    ];
}

/// <summary>A desk that lets a test choose, and see, who writes the rows of an answer, and that has something in every set.</summary>
internal sealed partial class BothWays : IAsyncDisposable
{
    private const string Header = "Test-Writing", BrokenOff = "broken off";

    private readonly Desk _desk;
    private readonly ConcurrentDictionary<string, RowWriting> _writings;

    private BothWays(Desk desk, ConcurrentDictionary<string, RowWriting> writings) => (_desk, _writings) = (desk, writings);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<BothWays> StartAsync(Provider provider, params (string Name, string Value)[] settings)
    {
        var writings = new ConcurrentDictionary<string, RowWriting>();
        var desk = await Desk.StartAsync(
            provider, new ManualClock(ManualClock.Monday), services: all => all.AddSingleton<IStartupFilter>(new Filter(writings)),
            settings: settings);
        await SampleData.SeedAsync(desk.Database, Cancel);
        await using (var db = desk.Database.Open())
        {
            var asks = new Requester
            {
                Name = "Zoë 日本 😀 \"quoted\" <b>",
                Email = "zoe@example.com",
                NormalizedEmail = "ZOE@EXAMPLE.COM",
                Organization = null,
                Notes = "tab\tand\nline\u0001\u007f\u2028",
                CreatedAt = SampleData.Times[1],
            };
            db.Add(asks);
            await db.SaveChangesAsync(Cancel);
            var ticket = await db.Tickets.FindAsync([1], Cancel);
            ticket!.RequesterId = asks.Id;
            foreach (var tag in new[] { "red", "d'or", "日本" })
                ticket.Tags.Add(new() { Tag = new() { Name = tag, NormalizedName = Tag.Normalized(tag) }, AddedAt = SampleData.Times[0] });
            for (var i = 0; i < 4; i++)
                ticket.Comments.Add(new()
                {
                    Body = i == 0 ? new string('é', 5000) + "😀" + new string('\\', 3000) : $"Reply {i} & <more>",
                    IsInternal = i == 1,
                    Author = "O'Neil",
                    Channel = (Channel)(i % 3),
                    CreatedAt = SampleData.Times[i],
                    EditedAt = i == 2 ? SampleData.Times[0] : null,
                });
            ticket.Attachments.Add(new()
            {
                Name = "a+b 'c'.txt",
                MediaType = "text/plain",
                Size = 3,
                Hash = new byte[32],
                CreatedAt = SampleData.Times[2],
            });
            await db.SaveChangesAsync(Cancel);
        }
        return new(desk, writings);
    }

    /// <summary>The text of an answer, and whether its rows were written straight.</summary>
    public async Task<(string Answer, bool WasStraight)> AskAsync(string url, AskedFormat format, string? prefer = null)
    {
        var writing = new RowWriting();
        return (await AskAsync(url, format, prefer, null, writing), writing.WasStraight);
    }

    /// <summary>
    /// Asks both ways and tells how the answers differ; null where not even in a byte. Asked several times, a query is known, and then
    /// nothing of its answer is written by the library.
    /// </summary>
    public async Task<string?> DifferenceAsync(
        string url, AskedFormat format, string? prefer = null, HttpMethod? method = null, int times = 1)
    {
        var library = await AskAsync(url, format, prefer, method, new() { IsByLibrary = true });
        for (var time = 1; time <= times; time++)
        {
            var straight = await AskAsync(url, format, prefer, method, new());
            // The library has sent its beginning when it meets the error; rows that are written straight may still wait, and 400 tells.
            if (straight == library
                || (library.EndsWith(BrokenOff, StringComparison.Ordinal) && straight.StartsWith("400 ", StringComparison.Ordinal)))
                continue;
            var at = straight.Zip(library).TakeWhile(pair => pair.First == pair.Second).Count();
            return $"{url}\n  {format} {prefer}, time {time}\n  straight: {Around(straight, at)}\n  library:  {Around(library, at)}";
        }
        return null;
    }

    /// <summary>Whether the whole answer was written without the library.</summary>
    public async Task<bool> IsFramedAsync(string url, AskedFormat format, string? prefer = null)
    {
        var writing = new RowWriting();
        await AskAsync(url, format, prefer, null, writing);
        return writing.WasFramed;
    }

    /// <summary>
    /// The status, the headers that a format changes, and the body, with a character for each byte. Tokens are encrypted and so never
    /// the same.
    /// </summary>
    private async Task<string> AskAsync(string url, AskedFormat format, string? prefer, HttpMethod? method, RowWriting writing)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, url);
        if (method == HttpMethod.Post) request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation(
            "Accept", $"application/json;odata.metadata={format.Level};IEEE754Compatible={(format.LongsAsText ? "true" : "false")}");
        if (format.Is401) request.Headers.Add("OData-MaxVersion", "4.01");
        if (format.OmitsNulls) prefer = prefer is null ? "omit-values=nulls" : $"omit-values=nulls,{prefer}";
        if (prefer is not null) request.Headers.TryAddWithoutValidation("Prefer", prefer);
        var id = Guid.NewGuid().ToString();
        _writings[id] = writing;
        request.Headers.Add(Header, id);
        using var response = await _desk.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        var body = await BodyAsync(response);
        var headers = string.Join('\n', new[] { "OData-Version", "ETag", "Preference-Applied", "Vary" }.Select(name =>
            response.Headers.TryGetValues(name, out var values) ? $"{name}: {string.Join(',', values)}" : ""));
        return $"{(int)response.StatusCode} {response.Content.Headers.ContentType}\n{headers}\n{Tokens().Replace(body, "$1=...")}";
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    // SQLite meets some errors only at a later row, when the headers are out; then the connection ends.
    private static async Task<string> BodyAsync(HttpResponseMessage response)
    {
        try
        {
            return Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync(Cancel));
        }
        catch (HttpRequestException)
        {
            return BrokenOff;
        }
    }

    private static string Around(string text, int at)
    {
        var from = Math.Max(0, at - 120);
        return $"...{text[from..Math.Min(text.Length, at + 120)]}... ({text.Length} long)";
    }

    [GeneratedRegex(@"((?:skip|delta)token)=[^""&]*")]
    private static partial Regex Tokens();

    private sealed class Filter(ConcurrentDictionary<string, RowWriting> writings) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, go) =>
            {
                if (context.Request.Headers[Header] is [{ } id] && writings.TryRemove(id, out var writing))
                    context.Features.Set(writing);
                return go(context);
            });
            next(app);
        };
    }
}
