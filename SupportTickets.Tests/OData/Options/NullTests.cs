using System.Globalization;
using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;
using static SupportTickets.Tests.OData.NullRows;

namespace SupportTickets.Tests.OData;

/// <summary>What expressions are of null (OData URL Conventions 4.01, 5.1.1), in every option that takes one.</summary>
public sealed class NullTests(SharedDesks desks) : IClassFixture<SharedDesks>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // A predicate over events, what it is of an event without an old value, without an assignee and not resolved, and of one with
    // all of that: OldValue 'open', NewValue 'closed', assigned to Ada, who is active, and resolved after 11 minutes.
    // {0} stands for the row.
    private static readonly (string Text, bool? OfNull, bool? OfValue)[] Predicates =
    [
        ("contains({0}OldValue,'pe')", null, true),
        ("startswith({0}OldValue,'op')", null, true),
        ("endswith({0}OldValue,'x')", null, false),
        ("contains('open closed',{0}OldValue)", null, true),
        ("startswith('🎫open',{0}OldValue)", null, false),
        ("endswith('🎫open',{0}OldValue)", null, true),
        ("contains({0}OldValue,{0}NewValue)", null, false),
        ("contains(tolower({0}OldValue),'OPEN')", null, false),
        ("contains(concat({0}OldValue,'!'),'open!')", null, true),
        ("contains('abc',null)", null, null),
        ("startswith(null,{0}OldValue)", null, null),
        ("length(null) eq 1", false, false),
        ("{0}Id add null eq 1", false, false),
        ("{0}OldValue eq null", true, false),
        ("null ne {0}OldValue", false, true),
        ("{0}OldValue eq 'open'", false, true),
        ("{0}OldValue ne 'open'", true, false),
        ("{0}OldValue gt 'a'", false, true),
        ("{0}OldValue le 'a'", false, false),
        ("{0}OldValue ge null", true, false),
        ("{0}OldValue gt null", false, false),
        ("null lt {0}OldValue", false, false),
        ("{0}OldValue ge {0}Ticket/Assignee/Name", true, true),
        ("{0}OldValue le {0}Ticket/Assignee/Name", true, false),
        ("{0}OldValue lt {0}Ticket/Assignee/Name", false, false),
        ("{0}OldValue gt {0}Ticket/Assignee/Name", false, true),
        ("length({0}OldValue) gt 2", false, true),
        ("length({0}OldValue) eq null", true, false),
        ("length({0}OldValue) add 1 eq 5", false, true),
        ("length({0}OldValue) le {0}Ticket/ResolutionMinutes", true, true),
        ("{0}OldValue in ('open','x')", false, true),
        ("{0}OldValue in ('x','y')", false, false),
        ("{0}OldValue in (null,'x')", true, false),
        ("{0}Ticket/Assignee/Name in (null,'x')", true, false),
        ("{0}Ticket/Assignee/Name in ('Ada', null)", true, true),
        ("{0}NewValue in (null,'closed')", false, true),
        ("{0}Ticket/ResolutionMinutes in (11,null)", true, true),
        ("{0}Ticket/Assignee/IsActive", null, true),
        ("{0}Ticket/Assignee/IsActive eq true", false, true),
        ("{0}Ticket/Assignee/IsActive ne false", true, true),
        ("false lt {0}Ticket/Assignee/IsActive", false, true),
        ("{0}Ticket/Assignee/IsActive le null", true, false),
        ("{0}Ticket/Assignee/IsActive ge contains({0}OldValue,'pe')", true, true),
        ("{0}Ticket/Assignee/IsActive gt contains({0}OldValue,'zz')", false, true),
        ("{0}Ticket/Assignee/IsActive and true", null, true),
        ("{0}Ticket/Assignee/IsActive and {0}Id lt 0", false, false),
        ("false or {0}Ticket/Assignee/IsActive", null, true),
        ("{0}Ticket/Assignee/IsActive or {0}Id gt 0", true, true),
        ("contains({0}OldValue,'pe') and contains({0}NewValue,'zz')", false, false),
        ("contains({0}OldValue,'pe') or contains({0}NewValue,'o')", true, true),
        ("not contains({0}OldValue,'zz') or {0}OldValue gt 'z'", null, true),
        ("contains({0}OldValue,'pe') eq true", false, true),
        ("contains({0}OldValue,'pe') eq null", true, false),
        ("(not contains({0}OldValue,'pe')) ne true", true, true),
        ("contains({0}OldValue,'pe') eq {0}Ticket/Assignee/IsActive", true, true),
        ("year({0}Ticket/ResolvedAt) ge 2026", false, true),
        ("{0}Ticket/ResolutionMinutes gt 5", false, true),
        ("-{0}Ticket/ResolutionMinutes lt 0", false, true),
        ("{0}Ticket/ResolvedAt ge {0}At", false, true),
        ("{0}Ticket/ResolvedAt ne {0}Ticket/FirstResolvedAt", false, false),
        ("cast(length({0}Ticket/Assignee/Name),Edm.String) eq ''", false, false),
        ("cast(length({0}Ticket/Assignee/Name),Edm.String) eq null", true, false),
        ("concat({0}OldValue,'a') eq 'a'", false, false),
        ("concat('a',{0}OldValue) eq null", true, false),
        ("substring('abc',{0}Ticket/ResolutionMinutes sub 10) eq null", true, false),
        ("substring('abc',0,{0}Ticket/ResolutionMinutes) eq 'abc'", false, true),
        ("false or {0}Ticket/ResolvedOn/IsWeekend", null, false),
    ];

    [Theory, Providers]
    public async Task Predicates_are_true_false_or_null_as_the_standard_says_in_every_option(Provider provider)
    {
        var desk = await DeskAsync(provider);
        var wrong = new List<string>();
        // Those that are the same of each row are asked together: joined by 'and', one that is not true shows, by 'or', one that is.
        foreach (var alike in Predicates.GroupBy(p => (p.OfNull, p.OfValue)))
        {
            foreach (var some in alike.Chunk(8))
            {
                var texts = some.Select(p => p.Text).ToArray();
                var found = await AskAsync(desk, texts, alike.Key.OfNull, alike.Key.OfValue);
                if (found.Count > 0 && texts.Length > 1) // which one is it?
                    foreach (var text in texts)
                        found.AddRange(await AskAsync(desk, [text], alike.Key.OfNull, alike.Key.OfValue));
                wrong.AddRange(found);
            }
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    // Asks about predicates that are these values of the two rows in every option; gives what is answered wrong.
    private static async Task<List<string>> AskAsync(FeedDesk desk, string[] predicates, bool? ofNull, bool? ofValue)
    {
        var wrong = new List<string>();
        var (whenTrue, whenFalse, whenNull) = (Ids(true), Ids(false), Ids([null]));
        var computed = string.Join(',', predicates.Select((text, i) => $"{Over("", text)} as X{i}"));
        var columns = string.Join(',', predicates.Select((_, i) => $"X{i}"));
        foreach (var joint in new[] { " and ", " or " })
        {
            var (all, inside) = (Joined("({0})", ""), Joined("({0})", "e/"));
            await Expect($"Events?$filter=Id in (1,3) and ({all})&$select=Id", whenTrue, IdsOf);
            await Expect($"Events?$filter=Id in (1,3) and ({Joined("not ({0})", "")})&$select=Id", whenFalse, IdsOf);
            await Expect($"Events?$filter=Id in (1,3) and ({Joined("({0}) eq null", "")})&$select=Id", whenNull, IdsOf);
            await Expect($"Events?$filter=Id in (1,3) and ({Joined("not (({0}) ne false)", "")})&$select=Id", whenFalse, IdsOf);
            await Expect($"Events/$filter(@f)?@f={all}&$filter=Id in (1,3)&$select=Id", whenTrue, IdsOf);
            await Expect($"Events?$apply=filter(Id in (1,3) and ({all}))&$select=Id", whenTrue, IdsOf);
            await Expect($"Events?$compute={computed}&$filter=Id in (1,3) and ({Columns("{0}")})&$select=Id", whenTrue, IdsOf);
            await Expect(
                $"Events?$apply=filter(Id in (1,3))/compute({computed})/filter({Columns("not {0}")})&$select=Id", whenFalse, IdsOf);
            await Expect($"Tickets?$filter=Events/any(e:e/Id in (1,3) and ({inside}))&$select=Id", Tickets(whenTrue), IdsOf);
            await Expect($"Tickets?$filter=Events/all(e:e/Id eq 2 or ({inside}))&$select=Id", Tickets(whenTrue), IdsOf);
            await Expect(
                $"Tickets?$filter=not Events/all(e:e/Id eq 2 or ({Joined("not ({0})", "e/")}))&$select=Id", Tickets(Ids(true, null)),
                IdsOf);
            await Expect($"Tickets?$filter=Events/$count($filter=Id in (1,3) and ({all})) eq 1&$select=Id", Tickets(whenTrue), IdsOf);
            await Expect(
                $"Tickets?$select=Id&$expand=Events($filter=Id in (1,3) and ({Joined("not ({0})", "")});$select=Id)", whenFalse, Expanded);

            string Joined(string form, string row) =>
                string.Join(joint, predicates.Select(text => string.Format(CultureInfo.InvariantCulture, form, Over(row, text))));
            string Columns(string form) =>
                string.Join(joint, predicates.Select((_, i) => string.Format(CultureInfo.InvariantCulture, form, $"X{i}")));
        }
        var values = string.Join(' ', predicates.Select(_ => $"1:{Json(ofNull)} 3:{Json(ofValue)}"));
        await Expect($"Events?$compute={computed}&$filter=Id in (1,3)&$select=Id,{columns}", values, Computed);
        await Expect($"Events?$apply=filter(Id in (1,3))/compute({computed})&$select=Id,{columns}", values, Computed);
        foreach (var text in predicates)
            await Expect(
                $"Events?$filter=Id in (1,3)&$orderby={Over("", text)} desc,Id&$select=Id", Rank(ofNull) < Rank(ofValue) ? "3 1" : "1 3",
                IdsOf);
        return wrong;

        async Task Expect(string url, string expected, Func<IReadOnlyList<JsonNode>, string> read)
        {
            var (rows, error) = await RowsAsync(desk, url);
            var answer = error ?? read(rows!);
            if (answer != expected)
                wrong.Add($"{url}: {answer}, not {expected}");
        }

        string Ids(params bool?[] wanted) =>
            string.Join(' ', new[] { (1, ofNull), (3, ofValue) }.Where(row => wanted.Contains(row.Item2)).Select(row => row.Item1));
        string Computed(IReadOnlyList<JsonNode> rows) => string.Join(
            ' ', predicates.SelectMany((_, i) => rows.Select(row => $"{row["Id"]}:{row[$"X{i}"]?.ToJsonString() ?? "null"}")));
        static string Over(string row, string text) => string.Format(CultureInfo.InvariantCulture, text, row);
        static string Tickets(string events) => events.Replace('3', '2');
        static int Rank(bool? value) => value switch { null => 0, false => 1, true => 2 };
        static string Json(bool? value) => value switch { null => "null", true => "true", false => "false" };
        static string IdsOf(IReadOnlyList<JsonNode> rows) => string.Join(' ', rows.Select(row => row["Id"]));
        static string Expanded(IReadOnlyList<JsonNode> rows) =>
            string.Join(' ', rows.SelectMany(row => row["Events"]!.AsArray()).Select(e => e!["Id"]));
    }

    [Theory, Providers]
    public async Task A_null_behind_many_rows_does_not_cut_the_answer_off(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(300);
        foreach (var value in new[]
        {
            "length(OldValue)", "indexof(OldValue,'e')", "year(Ticket/ResolvedAt)",
            "floor(Ticket/ResolutionMinutes div 2.0)", "contains(OldValue,'e')",
        })
        {
            var page = await desk.GetAsync(
                $"/odata/Events?$compute={value} as X&$orderby=OldValue desc&$select=Id,X", ("Prefer", "odata.maxpagesize=1000"));
            Assert.Equal(500, page["value"]!.AsArray().Count);
            Assert.Contains(page["value"]!.AsArray(), row => row!["X"] is null);
        }
    }

    [Theory, Providers]
    public async Task What_is_asked_about_null_does_not_grow_with_every_level_of_nesting(Provider provider)
    {
        var desk = await DeskAsync(provider);
        foreach (var (inner, level) in new[]
        {
            ("Id eq 1", "((contains(OldValue,'a') and {0}) eq (contains(OldValue,'b') or Id eq 1))"),
            ("Id eq 1", "((contains(OldValue,'a') and {0}) gt contains(OldValue,'b'))"),
            ("Id eq 1", "(not (contains(OldValue,'a') and {0}) or false)"),
            ("OldValue", "concat({0},OldValue)"), ("OldValue", "substring({0},length(OldValue))"),
            ("OldValue", "concat(case(contains(OldValue,'a'):{0},true:OldValue),OldValue)"),
        })
        {
            var text = inner;
            for (var i = 0; i < 20; i++)
                text = string.Format(CultureInfo.InvariantCulture, level, text);
            desk.Forget();
            await desk.GetAsync($"/odata/Events?$compute={text} as X&$filter=({text}) eq null&$orderby=X&$select=Id,X");
            Assert.InRange(desk.Sql.Single().Length, 1, 60_000);
        }
    }

    [Theory, Providers]
    public async Task A_related_row_that_is_not_there_is_null_at_its_own_place_in_a_group(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        var group = (await desk.GetAsync("/odata/Events?$apply=groupby((Ticket/Assignee/Name))"))["value"]!.ToJsonString();
        Assert.Equal("""[{"Ticket":{"Assignee":null}}]""", group);
        Assert.Equal(
            """[{"Ticket":{"ResolvedOn":null,"CreatedOn":{"Year":2026}}}]""",
            (await desk.GetAsync("/odata/Events?$apply=groupby((Ticket/ResolvedOn/Year,Ticket/CreatedOn/Year))"))["value"]!.ToJsonString());
        Assert.Equal(
            """[{"Assignee":null}]""", (await desk.GetAsync("/odata/Tickets?$apply=groupby((Assignee/Name))"))["value"]!.ToJsonString());
    }

    [Theory, Providers]
    public async Task What_is_computed_from_an_expanded_row_that_is_not_there_cuts_nothing_off(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(2);
        const string computed = "month(WeekStart) as A,length(WeekdayName) as B,floor(cast(IsoYear,Edm.Double)) as C";
        var rows = (await desk.GetAsync($"/odata/Tickets?$select=Id&$expand=ResolvedOn($compute={computed};$select=A,B,C)"))["value"]!;
        Assert.Null(rows[0]!["ResolvedOn"]);
        Assert.Equal(8, rows[1]!["ResolvedOn"]!["B"]!.GetValue<int>());
    }

    // For tests that only read.
    private Task<FeedDesk> DeskAsync(Provider provider) => desks.OfAsync(provider, StartAsync);
}
