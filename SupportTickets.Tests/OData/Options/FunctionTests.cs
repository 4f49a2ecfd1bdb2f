using System.Net;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

/// <summary>The canonical functions of the standard (OData URL Conventions 4.01, 5.1.1), each with its right answer on both databases.</summary>
public sealed class FunctionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Over one ticket: Title "Ticket 1", UrgencyScore 7, CreatedAt 2026-01-01T07:30:00Z, done 11 minutes later.
    private static readonly string[] True =
    [
        "concat(Title,'!') eq 'Ticket 1!'", "concat(concat('a','b'),Title) eq 'abTicket 1'", "contains(Title,'icke')", "not contains(Title,'ICKE')", "endswith(Title,'t 1')", "startswith(Title,'Tick')", "not startswith(Title,'tick')", "not endswith(Title,'T 1')", "endswith(Title,'')", "startswith(Title,'')", "not startswith(Title,'%25')", "not endswith(Title,'A longer text than the title')", "Events/any(e: startswith(e/OldValue,'op'))",
        "indexof(Title,'cke') eq 2", "indexof(Title,'x') eq -1", "length(Title) eq 8", "substring(Title,7) eq '1'", "substring(Title,0,6) eq 'Ticket'",
        "tolower(Title) eq 'ticket 1'", "toupper(Title) eq 'TICKET 1'", "trim('  a ') eq 'a'", "trim(concat(' ',Title)) eq 'Ticket 1'",
        "year(CreatedAt) eq 2026", "month(CreatedAt) eq 1", "day(CreatedAt) eq 1", "hour(CreatedAt) eq 7", "minute(CreatedAt) eq 30", "second(CreatedAt) eq 0",
        "date(CreatedAt) eq 2026-01-01", "year(CreatedDate) eq 2026", "month(CreatedDate) eq 1", "day(CreatedDate) eq 1", "year(ResolvedAt) eq 2026", "minute(ResolvedAt) eq 41", "now() gt CreatedAt",
        "round(UrgencyScore div 2.0) eq 4", "floor(UrgencyScore div 2.0) eq 3", "ceiling(UrgencyScore div 2.0) eq 4", "floor(-3.5) eq -4", "ceiling(-3.5) eq -3",
        "UrgencyScore add 3 eq 10", "UrgencyScore sub 9 eq -2", "UrgencyScore mul 2 eq 14", "UrgencyScore div 2 eq 3", "UrgencyScore mod 4 eq 3", "-UrgencyScore eq -7",
        "Events/any(e: contains(e/NewValue,'los'))", "Title in ('x','Ticket 1')", "not (Title in ('x','y'))", "Title gt 'Ticket 0' and Title lt 'Ticket 2'",
    ];

    // What the library or the databases cannot do is said so, the same on both.
    private static readonly string[] NotOffered =
    [
        "matchesPattern(Title,'^T')", "isof(Id,Edm.String)",
    ];

    [Theory, Providers]
    public async Task Functions_give_the_same_right_answer_on_both_databases_or_are_not_offered_on_either(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        var wrong = new List<string>();
        foreach (var filter in True)
        {
            foreach (var (text, expected) in new[] { (filter, "1"), ($"not ({filter})", "0") })
            {
                using var response = await desk.Client.GetAsync($"/odata/Tickets/$count?$filter=Id eq 2 and ({text})", Cancel);
                var answer = await response.Content.ReadAsStringAsync(Cancel);
                if (answer != expected)
                    wrong.Add($"{text}: {answer}");
            }
        }
        Assert.Empty(wrong);
        foreach (var filter in NotOffered)
            await desk.FailAsync($"/odata/Tickets?$filter={filter}", HttpStatusCode.NotImplemented);
    }
}
