using System.Collections.Concurrent;
using System.Globalization;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Differential;

namespace SupportTickets.Tests.OData.Straight;

/// <summary>
/// Rows that are written straight are byte for byte what the library writes, in every format. Fixed queries cover each kind of row;
/// random ones (TEST_SEED, TEST_BYTE_QUERIES) what nobody thought of.
/// </summary>
public sealed class StraightTests
{
    private const int Usual = 300, MaxTold = 10;

    /// <summary>
    /// How often a query is asked until it is known: bound twice, compiled, and once more to learn what stands around its rows.
    /// </summary>
    private const int UntilKnown = 5;

    private static readonly string[] Straight =
    [
        // whole entities
        "Tickets", "Tickets(1)", "Tickets/1", "Tickets(40)", "Events", "Events(1)", "Dates?$top=3", "Dates(20260101)", "Agents",
        "Agents(2)", "Comments", "Comments(1)", "Requesters", "Requesters(1)", "Tags", "Tags(1)", "Attachments", "Attachments(1)",
        "TicketTags", "TicketTags(1)", "Tickets?$count=true", "Tickets?$top=5&$count=true", "Tickets?$skip=38",
        "Tickets?$orderby=ResolvedAt desc,Title", "Tickets?$filter=contains(Title,'é')", "Tickets?$search=paper",
        "Tickets?$filter=Status eq 'open' and UrgencyScore ge 50", "Tickets(1)/Events", "Tickets(1)/Comments", "Tickets(1)/Tags",
        "Tickets(1)/Attachments", "Tickets(1)/Assignee", "Tickets(1)/Requester", "Tickets(2)/CreatedOn", "Events(1)/Ticket",
        "Events(1)/Ticket/Assignee", "Agents(1)/Tickets", "Requesters(1)/Tickets", "Tags(1)/Tickets", "Tickets(1)/Comments(1)",
        "Comments(2)/Ticket", "Attachments(1)/Ticket", "Events?$filter=Channel eq null",
        // with $select of properties
        "Tickets?$select=Id", "Tickets?$select=Title", "Tickets?$select=Title,Description,Id", "Tickets?$select=*",
        "Tickets?$select=*,Id", "Tickets?$select=ResolvedAt,ResolvedDate,ResolutionMinutes", "Tickets?$select=AssigneeId&$top=7",
        "Tickets?$select=Version", "Tickets?$select=Id,Id", "Tickets(3)?$select=Title,Status", "Tickets(5)?$select=AssigneeId",
        "Events?$select=OldValue,NewValue", "Events(2)?$select=OldValue", "Events?$select=OldValue&$count=true",
        "Dates?$select=Date,IsWeekend&$top=4", "Agents?$select=Name", "Comments?$select=Body", "Attachments?$select=Size,Name",
        "Attachments(1)?$select=Size", "Tags?$select=CreatedAt", "Tickets(1)/Events?$select=At",
        "Tickets?$select=Title&$orderby=Description desc", "Tickets?$select=Id&$filter=UrgencyScore gt 49",
        "Tickets(1)/Assignee?$select=Name", "Events(1)/Ticket?$select=FirstReplyAt", "Tickets(2)?$select=FirstReplyAt,UpdatedAt",
        "Tickets?$select=Title&$apply=topcount(5,UrgencyScore)", "TicketTags?$select=TagId",
        "Requesters?$select=Notes,Organization",
        // with single related entities
        "Tickets?$expand=Assignee", "Tickets?$expand=Assignee($select=Name),CreatedOn($select=Year)&$select=Title",
        "Tickets(1)?$expand=Requester", "Tickets?$expand=ResolvedOn&$select=Id", "Events?$expand=Ticket($expand=Assignee)",
        "Events?$expand=On($select=Date),Ticket($select=Id)", "Events(3)?$expand=Ticket($select=FirstReplyAt)&$select=OldValue",
        "Comments?$expand=Ticket($select=Title;$expand=Requester)", "TicketTags?$expand=Tag,Ticket($select=Status)",
        "Tickets?$expand=Requester($select=Notes)&$filter=RequesterId ne null",
        "Tickets?$expand=Assignee&$orderby=Assignee/Name desc,Id&$top=9", "Attachments?$expand=Ticket($select=*)",
        "Tickets?$select=*&$expand=Assignee", "Tickets(5)?$expand=Assignee&$select=Id",
        "Tickets(1)/Events?$expand=Ticket($select=Priority)",
        "Tickets?$expand=Assignee&$filter=UrgencyScore div (Id sub 99) ge 0",
        "Tickets?$apply=topcount(4,Id)&$expand=Assignee($select=IsActive)",
        // rows of $apply
        "Tickets?$apply=groupby((Status),aggregate($count as N))",
        "Tickets?$apply=aggregate($count as N,UrgencyScore with sum as S)",
        "Tickets?$apply=aggregate(UrgencyScore with average as A,CreatedAt with max as Last,ResolvedAt with min as First)",
        "Tickets?$apply=groupby((Assignee/Name,Priority),aggregate($count as N))", "Tickets?$apply=groupby((ResolvedOn/Year))",
        "Tickets?$apply=groupby((ResolvedOn/Year,ResolvedOn/Month,Status))",
        "Tickets?$apply=groupby((CreatedOn/Year),aggregate($count as N))",
        "Events?$apply=groupby((Ticket/Assignee/Name,Ticket/Status),aggregate(Id with max as Last))",
        "Events?$apply=groupby((OldValue))",
        "Tickets?$apply=compute(date(CreatedAt) as D,time(CreatedAt) as T,UrgencyScore divby 3 as F,length(Title) as L)",
        "Tickets?$apply=compute(Status as S,Title as B,UrgencyScore gt 5 as G,ResolvedAt sub CreatedAt as W)&$top=9",
        "Tickets?$apply=compute(1 divby 0.0 as I,UrgencyScore mul 10000000000 as L)&$select=I,L",
        "Events?$apply=aggregate(Id with sum as S)", "Tickets?$apply=concat(groupby((Status)),aggregate($count as N))",
        "Tickets?$apply=topcount(3,UrgencyScore)", "Tickets?$apply=identity",
        "Tickets?$apply=groupby((Status,Title),aggregate($count as N))&$select=N,Title&$orderby=N desc",
        "Tickets?$apply=concat(filter(Id le 2),groupby((CreatedDate)))&$count=true", "Attachments?$apply=groupby((Size,Name))",
        "Tickets?$apply=groupby((rollup(Status,Priority)),aggregate($count as N))",
        "Tickets?$apply=filter(Id lt 0)/aggregate($count as N)",
        "Tickets?$apply=groupby((Priority))/aggregate(Priority with countdistinct as P)",
        "Comments?$apply=groupby((Ticket/Id,IsInternal))",
        "Tickets?$apply=compute(cast(UrgencyScore,Edm.Decimal) as C,cast(UrgencyScore,Edm.Single) as F,cast(Id,Edm.Int64) as L)",
    ];

    private static readonly string[] ByLibrary =
    [
        "Tickets?$select=Title,Events", "Tickets?$expand=Events($select=Id)&$select=Title", "Tickets(1)?$expand=Tags",
        "Tickets?$compute=UrgencyScore add 1 as More&$select=Id,More", "Tickets?$compute=UrgencyScore divby 7 as Part",
        "Tickets/$ref", "Tickets(1)/$ref", "Tickets?$expand=Events/$count", "Tickets(1)/Title", "Tickets/$count",
        "Tickets?$select=SupportTickets.Resolve", "Tickets?$expand=Assignee($expand=Tickets)",
        "Tickets?$expand=Assignee,Events&$top=4", "Tickets?$expand=Assignee/$ref",
        "Tickets?$expand=CreatedOn($compute=Year add 1 as N)&$top=3",
        // no rows
        "Tickets?$top=0", "Tickets?$filter=Id gt 99", "Tickets?$filter=Id gt 99&$count=true", "Tickets(999)",
        "Tickets(5)/Assignee", "Tickets?$apply=filter(Id lt 0)",
        // errors
        "Tickets?$select=Nope", "Tickets?$filter=Id div 0 eq 1", "Tickets?$skiptoken=nope", "Nope",
    ];

    private static readonly string[] Paged =
        ["Tickets", "Tickets?$select=Title", "Events?$count=true", "Tickets?$apply=groupby((Title))", "Dates"];

    private static readonly int Seed = Number("TEST_SEED", 1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Every_kind_of_row_is_what_the_library_writes(Provider provider)
    {
        await using var desk = await BothWays.StartAsync(provider);
        var differences = new ConcurrentQueue<string>();
        var two = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Cancel };
        await Parallel.ForEachAsync(Straight.Concat(ByLibrary), two, async (query, _) =>
        {
            foreach (var format in AskedFormat.All)
            {
                // By the later formats the query is known, and each is asked until its frame is known too.
                if (await desk.DifferenceAsync($"/odata/{query}", format, times: 2) is { } difference)
                {
                    differences.Enqueue(difference);
                    break;
                }
            }
        });
        Assert.True(differences.IsEmpty, string.Join("\n", differences.Take(MaxTold)));
    }

    [Theory, Providers]
    public async Task Plain_rows_are_written_straight_and_only_they(Provider provider)
    {
        await using var desk = await BothWays.StartAsync(provider);
        var others = new List<string>();
        foreach (var query in Straight.Concat(ByLibrary))
        {
            var (answer, wasStraight) = await desk.AskAsync($"/odata/{query}", AskedFormat.All[0]);
            if (wasStraight != Straight.Contains(query)) others.Add($"{query}: {answer[..Math.Min(300, answer.Length)]}");
        }
        Assert.True(others.Count == 0, string.Join("\n", others));
    }

    [Theory, Providers]
    public async Task Answers_to_repeated_queries_are_written_without_the_library(Provider provider)
    {
        await using var desk = await BothWays.StartAsync(provider);
        foreach (var query in new[]
        {
            "Tickets", "Tickets(1)", "Tickets/2", "Tickets?$select=Title", "Tickets?$expand=Assignee", "Events(1)", "Dates?$top=3",
            "Tickets?$filter=UrgencyScore ge 50 and Status eq 'open'&$orderby=ResolvedAt desc", "Comments?$skip=1",
            "Tickets?$filter=Id in (1,2,40)", "Events?$filter=At ge 2024-01-01T00:00:00Z",
        })
        {
            foreach (var prefer in new[] { null, "maxpagesize=1" })
            {
                foreach (var format in new[] { AskedFormat.All[0], AskedFormat.All[4], AskedFormat.All[9] })
                {
                    Assert.Null(await desk.DifferenceAsync($"/odata/{query}", format, prefer, times: UntilKnown));
                    Assert.True(await desk.IsFramedAsync($"/odata/{query}", format, prefer), query);
                }
            }
        }
    }

    [Theory, Providers]
    public async Task A_plain_selection_reads_only_its_columns(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        foreach (var query in new[] { "$select=Title", "$select=Title&$expand=Assignee($select=Name)", "$select=Title&$expand=CreatedOn" })
        {
            desk.Forget();
            await desk.GetAsync($"/odata/Tickets?{query}");
            var sql = Assert.Single(desk.Sql);
            Assert.Contains("title", sql, StringComparison.OrdinalIgnoreCase);
            foreach (var other in new[] { "description", "urgency", "sentiment", "channel", "isactive" })
                Assert.DoesNotContain(other, sql, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory, Providers]
    public async Task Links_and_answers_to_writes_are_what_the_library_writes(Provider provider)
    {
        await using var desk = await BothWays.StartAsync(provider);
        foreach (var format in AskedFormat.All)
        {
            foreach (var query in Paged)
                Assert.Null(await desk.DifferenceAsync($"/odata/{query}", format, "maxpagesize=3", times: 2));
            foreach (var query in new[] { "Tickets", "Tickets?$select=Title", "Tickets?$filter=Id lt 0" })
                Assert.Null(await desk.DifferenceAsync($"/odata/{query}", format, "track-changes", times: 2));
            Assert.Null(await desk.DifferenceAsync("/odata/Tickets", format, "track-changes,maxpagesize=2", times: 2));
            const string Sorted = "/odata/Tickets?$filter=contains(Title,'é')&$orderby=Title desc";
            Assert.Null(await desk.DifferenceAsync(Sorted, format, "maxpagesize=1"));
            // It is resolved already, so that nothing changes.
            Assert.Null(await desk.DifferenceAsync("/odata/Tickets(4)/SupportTickets.Resolve", format, method: HttpMethod.Post));
            Assert.Null(await desk.DifferenceAsync(
                "/odata/Tickets(4)/SupportTickets.Resolve?$select=Title", format, method: HttpMethod.Post));
        }
    }

    [Theory, Providers]
    public async Task Random_queries_are_answered_with_the_bytes_of_the_library(Provider provider)
    {
        await using var desk = await BothWays.StartAsync(provider);
        var differences = new ConcurrentQueue<string>();
        var two = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Cancel };
        await Parallel.ForAsync(0, Number("TEST_BYTE_QUERIES", Usual), two, async (number, _) =>
        {
            var query = QueryMaker.Make(Seed, number);
            var format = AskedFormat.All[number % AskedFormat.All.Count];
            var prefer = query.PageSize is { } size ? $"maxpagesize={size}" : null;
            if (differences.Count < MaxTold
                && await desk.DifferenceAsync(query.Url, format, prefer, times: Times(query.Url)) is { } difference)
                differences.Enqueue($"query {number} of TEST_SEED={Seed}: {query.Text}\n  {difference}");
        });
        Assert.True(differences.IsEmpty, string.Join("\n", differences));
    }

    // Other queries are bound each time.
    private static int Times(string url) =>
        url.Contains("$apply", StringComparison.Ordinal) || url.Contains("$compute", StringComparison.Ordinal) ? 1 : UntilKnown;

    private static int Number(string variable, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : usual;
}
