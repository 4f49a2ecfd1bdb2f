using CsCheck;

namespace SupportTickets.Tests.OData.Hostile;

/// <summary>
/// Query strings for the feed: expressions over everything in the model, literals of every type, every option; mostly
/// well-formed, and then broken here and there.
/// </summary>
internal static class QueryGen
{
    private static readonly string[] TicketTexts = ["Title", "Description", "Assignee/Name"],
        EventTexts = ["Actor", "OldValue", "NewValue", "Ticket/Title", "Ticket/Assignee/Name"];
    private static readonly string[] TicketNumbers =
        ["Id", "UrgencyScore", "ResolutionMinutes", "ReopenCount", "Version", "Events/$count", "AssigneeId"],
        EventNumbers = ["Id", "TicketId", "Ticket/Id", "Ticket/ReopenCount"];
    private static readonly string[] TicketTimes = ["CreatedAt", "UpdatedAt", "FirstResolvedAt", "ResolvedAt"],
        EventTimes = ["At", "Ticket/CreatedAt", "Ticket/ResolvedAt"];
    private static readonly string[] TicketDays = ["CreatedDate"],
        EventDays = ["Date", "Ticket/CreatedDate"];
    private static readonly string[] TicketEnums = ["Status", "Priority", "Category", "Sentiment", "Channel"],
        EventEnums = ["Field", "Channel", "Ticket/Status"];

    private static readonly Gen<string> Texts = OneOf(
        "''", "'a'", "'Ticket 1'", "'it''s'", "'%25_'", "'ü'", "'%F0%9F%98%80'", "'open'", "'%00'", "null");
    private static readonly Gen<string> Numbers = OneOf(
        "0", "1", "-1", "2", "0.5", "-0.0", "1.5", "1e3", "1e308", "1e-400", "NaN", "INF", "-INF", "2147483647", "-2147483648",
        "2147483648", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "79228162514264337593543950335", "1M", "1L",
        "1f", "1d", "00012", "null");
    private static readonly Gen<string> Times = OneOf(
        "2026-01-01T00:30:00Z", "2026-01-03T12:00:00%2B02:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z",
        "2026-02-30T00:00:00Z", "2026-01-01", "now()", "mindatetime()", "maxdatetime()", "duration'P1D'", "null");
    private static readonly Gen<string> Days = OneOf(
        "2026-01-01", "2026-01-02", "0001-01-01", "9999-12-31", "2026-13-01", "date(now())", "null");
    private static readonly Gen<string> Enums = OneOf(
        "'open'", "'closed'", "'high'", "'billing'", "'calm'", "'web'", "'title'", "SupportTickets.Status'open'",
        "SupportTickets.Priority'1'", "SupportTickets.Status'9'", "'nope'", "0", "null");
    private static readonly Gen<string> Comparison = OneOf("eq", "ne", "gt", "ge", "lt", "le", "has", "in");
    private static readonly Gen<string> Arithmetic = OneOf("add", "sub", "mul", "div", "mod", "divby");

    /// <summary>The path and query of a request.</summary>
    public static readonly Gen<string> Requests = Gen.Select(Gen.Bool.SelectMany(Url), Mutations()).Select((url, mutate) => mutate(url));

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(n => texts[n]);

    private static Gen<string> Url(bool tickets)
    {
        var path = tickets
            ? Gen.Frequency(
                (12, Gen.Const("Tickets")),
                (
                    1,
                    OneOf(
                        "Tickets(1)", "Tickets/2", "Tickets(1)/Events", "Tickets/$count", "Tickets(1)/Title", "Tickets/$ref",
                        "Tickets(99)")))
            : Gen.Frequency((12, Gen.Const("Events")), (1, OneOf("Events(1)", "Events(1)/Ticket", "Events/$count", "Events/$ref")));
        var option = Gen.Frequency(
            (8, Boolean(tickets, 3).Select(e => $"$filter={e}")), (3, OrderBy(tickets).Select(o => $"$orderby={o}")),
            (3, SelectOf(tickets).Select(s => $"$select={s}")), (3, ExpandOf(tickets, 2).Select(e => $"$expand={e}")),
            (
                3,
                Value(tickets, 2)
                    .SelectMany(v => OneOf("X1", "X1", "X1", "Id", "Title", "Events", "x1").Select(a => $"$compute={v} as {a}"))),
            (5, Apply(tickets).Select(a => $"$apply={a}")), (2, Search.Select(s => $"$search={s}")),
            (2, OneOf("0", "1", "2", "5", "-1", "2147483647", "x").Select(n => $"$top={n}")),
            (2, OneOf("0", "1", "3", "2147483647", "-1").Select(n => $"$skip={n}")),
            (2, OneOf("true", "false", "maybe").Select(c => $"$count={c}")),
            (
                1,
                OneOf("json", "xml", "application/json;odata.metadata=full", "application/json;metadata=none", "nope", "atom")
                    .Select(f => $"$format={f}")),
            (1, OneOf("x", "e30", "bnVsbA", "").Select(t => $"$skiptoken={t}")),
            (1, Boolean(tickets, 1).Select(e => $"$filter=@f&@f={e}")), (1, Value(tickets, 1).Select(v => $"$orderby=@o desc&@o={v}")),
            (1, Boolean(tickets, 2).Select(e => $"FILTER={e}")));
        return Gen.Select(path, option.List[1, 3])
            .Select((p, options) => $"/odata/{p}?{string.Join('&', options.DistinctBy(o => o[..o.IndexOf('=')]))}");
    }

    // Of one of the types that an expression can have.
    private static Gen<string> Value(bool tickets, int depth) =>
        Gen.Frequency(
            (3, Number(tickets, depth)), (3, Text(tickets, depth)), (2, Time(tickets, depth)), (1, Day(tickets, depth)),
            (1, Enum(tickets)), (1, Boolean(tickets, depth - 1)));

    private static Gen<string> Number(bool tickets, int depth)
    {
        var leaf = Gen.Frequency((3, OneOf(tickets ? TicketNumbers : EventNumbers)), (2, Numbers));
        if (depth <= 0)
            return leaf;
        var inner = Gen.Int[0, 3].SelectMany(_ => Number(tickets, depth - 1));
        var text = Gen.Int[0, 3].SelectMany(_ => Text(tickets, depth - 1));
        return Gen.Frequency(
            (4, leaf), (3, Gen.Select(inner, Arithmetic, inner).Select((a, o, b) => $"({a} {o} {b})")), (1, inner.Select(a => $"-{a}")),
            (1, Gen.Select(OneOf("round", "floor", "ceiling"), inner).Select((f, a) => $"{f}({a})")),
            (1, text.Select(a => $"length({a})")), (1, Gen.Select(text, text).Select((a, b) => $"indexof({a},{b})")),
            (
                2,
                Gen.Select(
                        OneOf("year", "month", "day", "hour", "minute", "second", "fractionalseconds", "totaloffsetminutes"),
                        Time(tickets, depth - 1))
                    .Select((f, a) => $"{f}({a})")),
            (
                1,
                Gen.Select(inner, OneOf("Edm.Int32", "Edm.Int64", "Edm.Double", "Edm.Decimal", "Edm.String", "Edm.Int16", "Edm.Byte"))
                    .Select((a, t) => $"cast({a},{t})")));
    }

    private static Gen<string> Text(bool tickets, int depth)
    {
        var leaf = Gen.Frequency((3, OneOf(tickets ? TicketTexts : EventTexts)), (2, Texts));
        if (depth <= 0)
            return leaf;
        var inner = Gen.Int[0, 3].SelectMany(_ => Text(tickets, depth - 1));
        return Gen.Frequency(
            (4, leaf), (2, Gen.Select(OneOf("tolower", "toupper", "trim"), inner).Select((f, a) => $"{f}({a})")),
            (1, Gen.Select(inner, inner).Select((a, b) => $"concat({a},{b})")),
            (2, Gen.Select(inner, Number(tickets, 0)).Select((a, n) => $"substring({a},{n})")),
            (1, Gen.Select(inner, Number(tickets, 0), Number(tickets, 0)).Select((a, n, m) => $"substring({a},{n},{m})")),
            (1, Gen.Select(Number(tickets, 0), Enum(tickets)).Select((n, e) => $"cast({n},Edm.String)")));
    }

    private static Gen<string> Time(bool tickets, int depth)
    {
        var times = OneOf(tickets ? TicketTimes : EventTimes);
        if (depth <= 0) return Gen.Frequency((3, times), (1, Times));
        var other = OneOf("duration'P1D'", "duration'PT1H'", "duration'P99999999D'", "CreatedAt", "1");
        return Gen.Frequency(
            (4, times), (2, Times), (1, Gen.Select(times, OneOf("add", "sub"), other).Select((a, o, b) => $"({a} {o} {b})")));
    }

    private static Gen<string> Day(bool tickets, int depth) =>
        Gen.Frequency((3, OneOf(tickets ? TicketDays : EventDays)), (1, Days), (2, Time(tickets, depth - 1).Select(t => $"date({t})")));

    private static Gen<string> Enum(bool tickets) => Gen.Frequency((4, OneOf(tickets ? TicketEnums : EventEnums)), (1, Enums));

    private static Gen<string> Boolean(bool tickets, int depth)
    {
        var list = Gen.Frequency(
            (1, Gen.Select(Number(tickets, 0), Numbers.List[0, 4]).Select((a, l) => $"{a} in ({string.Join(',', l)})")),
            (1, Gen.Select(Text(tickets, 0), Texts.List[1, 3]).Select((a, l) => $"{a} in ({string.Join(',', l)})")),
            (1, Gen.Select(Enum(tickets), Enums.List[1, 3]).Select((a, l) => $"{a} in ({string.Join(',', l)})")),
            (1, Gen.Select(Time(tickets, 0), Times.List[1, 3]).Select((a, l) => $"{a} in ({string.Join(',', l)})")));
        var leaf = Gen.Frequency(
            (3, Gen.Select(Number(tickets, 1), Comparison, Number(tickets, 1)).Select(Join)),
            (3, Gen.Select(Text(tickets, 1), Comparison, Text(tickets, 1)).Select(Join)),
            (2, Gen.Select(Time(tickets, 1), Comparison, Time(tickets, 1)).Select(Join)),
            (2, Gen.Select(Day(tickets, 1), Comparison, Day(tickets, 1)).Select(Join)),
            (2, Gen.Select(Enum(tickets), Comparison, Gen.OneOf(Enums, Enum(tickets))).Select(Join)),
            (1, Gen.Select(Text(tickets, 0), Comparison, Number(tickets, 0)).Select(Join)),
            (
                3,
                Gen.Select(OneOf("contains", "startswith", "endswith", "matchesPattern"), Text(tickets, 1), Text(tickets, 0))
                    .Select((f, a, b) => $"{f}({a},{b})")),
            (2, list), (1, OneOf("true", "false", "null", "isof(Id,Edm.String)", "1 eq 1")));
        if (depth <= 0)
            return leaf;
        var inner = Gen.Int[0, 3].SelectMany(_ => Boolean(tickets, depth - 1));
        var lambda = tickets
            ? Gen.Select(OneOf("any", "all"), Lambda).Select((f, e) => $"Events/{f}(e:{e})")
            : Gen.Select(OneOf("any", "all"), Lambda).Select((f, e) => $"Ticket/Events/{f}(e:{e})");
        return Gen.Frequency(
            (4, leaf), (3, Gen.Select(inner, OneOf("and", "or"), inner).Select((a, o, b) => $"({a} {o} {b})")),
            (1, inner.Select(a => $"not ({a})")), (2, lambda), (1, Gen.Const("Events/any()")));
    }

    private static Gen<string> Lambda =>
        Gen.Frequency(
            (2, Gen.Select(OneOf("e/Id", "e/TicketId", "e/Ticket/Id", "length(e/NewValue)"), Comparison, Numbers).Select(Join)),
            (2, Gen.Select(OneOf("e/NewValue", "e/OldValue", "e/Actor", "e/Ticket/Title"), Comparison, Texts).Select(Join)),
            (1, Gen.Select(OneOf("e/Field", "e/Channel", "e/Ticket/Status"), Comparison, Enums).Select(Join)),
            (1, Gen.Select(OneOf("e/At", "e/Ticket/CreatedAt"), Comparison, Times).Select(Join)),
            (1, OneOf("e/Ticket/Events/any(f:f/Id gt 1)", "e/Ticket/Events/$count gt 1", "true")));

    private static string Join(string left, string op, string right) => op == "in" ? $"{left} in ({right})" : $"{left} {op} {right}";

    private static Gen<string> OrderBy(bool tickets) =>
        Gen.Select(Value(tickets, 1), OneOf("", " asc", " desc", " DESC"))
            .Select((v, d) => v + d)
            .List[1, 3]
            .Select(keys => string.Join(',', keys));

    private static Gen<string> SelectOf(bool tickets) =>
        Gen.Frequency(
            (
                6,
                OneOf([
                    .. tickets
                        ? (string[])[.. TicketTexts, .. TicketTimes, .. TicketEnums, "Id"]
                        : ["Id", "At", "NewValue", "Channel", "Ticket"],
                    "*",
                    "X1",
                    "Nope",
                    "Events",
                ])
                    .List[1, 4]
                    .Select(names => string.Join(',', names))),
            (1, OneOf("Id,Id", "", "Events/Id", "SupportTickets.*")));

    private static Gen<string> ExpandOf(bool tickets, int depth)
    {
        var name = tickets ? "Events" : "Ticket";
        var nested = Gen.Frequency(
            (3, Boolean(!tickets, 1).Select(e => $"$filter={e}")), (2, Value(!tickets, 0).Select(v => $"$orderby={v} desc")),
            (2, SelectOf(!tickets).Select(s => $"$select={s}")),
            (2, OneOf("$top=1", "$top=0", "$skip=1", "$count=true", "$levels=2", "$levels=max", "$search=a", "$top=-1")),
            (1, Value(!tickets, 1).Select(v => $"$compute={v} as Y1")), (1, Gen.Const("$apply=aggregate($count as N)")),
            (
                2,
                depth <= 0
                    ? Gen.Const("$expand=*")
                    : Gen.Int[0, 3].SelectMany(_ => ExpandOf(!tickets, depth - 1)).Select(e => $"$expand={e}")));
        return Gen.Frequency(
            (3, Gen.Const(name)),
            (5, nested.List[1, 3].Select(options => $"{name}({string.Join(';', options.DistinctBy(o => o[..o.IndexOf('=')]))})")),
            (1, OneOf("*", name + "/$ref", name + "/$count", "Nope", "*($levels=2)")));
    }

    private static Gen<string> Search =>
        Gen.Select(
                OneOf(
                    "ticket", "\"Ticket 1\"", "NOT 3", "a OR b", "a AND b", "(a OR b) AND NOT c", "AND", "\"", "NOT", "'", "ü", "a\"b",
                    "%25", "_", "*", "()"),
                OneOf("", " desc", " OR 5"))
            .Select((a, b) => a + b);

    private static Gen<string> Apply(bool tickets)
    {
        var group = OneOf([
            .. tickets
                ? (string[])[.. TicketEnums, .. TicketDays, "Id", "Title", "ResolvedAt", "Events/Field", "date(CreatedAt)"]
                : ["Field", "Date", "Channel", "Ticket/Status", "Ticket/Priority", "TicketId", "At"],
        ])
            .List[1, 3]
            .Select(names => string.Join(',', names));
        var method = OneOf("sum", "sum", "average", "min", "max", "countdistinct", "nope");
        var aggregate = Gen.Frequency(
            (2, Gen.Const("$count as N")),
            (4, Gen.Select(Value(tickets, 1), method).Select((v, m) => $"{v} with {m} as ").SelectMany(a => Alias.Select(n => a + n))),
            (1, Gen.Const(tickets ? "Events($count as E)" : "Ticket/Id with max as M")))
            .List[1, 2]
            .Select(list => string.Join(',', list));
        var step = Gen.Frequency(
            (3, Boolean(tickets, 1).Select(e => $"filter({e})")),
            (4, Gen.Select(group, aggregate).Select((g, a) => $"groupby(({g}),aggregate({a}))")),
            (2, group.Select(g => $"groupby(({g}))")), (2, aggregate.Select(a => $"aggregate({a})")),
            (2, Gen.Select(Value(tickets, 1), Alias).Select((v, n) => $"compute({v} as {n})")),
            (
                1,
                OneOf(
                    "filter(N gt 1)", "filter(A ne null)", "orderby(N desc)", "top(2)", "skip(1)", "identity",
                    "concat(aggregate($count as N),identity)", "topcount(2,Id)", "expand(Events,filter(true))",
                    "groupby((rollup(Status,Priority)))")));
        return step.List[1, 3].Select(steps => string.Join('/', steps));
    }

    private static Gen<string> Alias => Gen.Frequency((8, OneOf("A", "B", "C")), (1, OneOf("N", "Status", "Id", "Ticket", "a", "Field")));

    // As broken as it comes: nothing most of the time, else a few characters dropped, doubled, swapped or put in.
    private static Gen<Func<string, string>> Mutations()
    {
        var piece = OneOf(
            "%", "%zz", "%FF", "%00", "%E2%82", "'", "\"", "(", ")", ",", "/", "$", "@", "&", "=", ";", ":", "+", "%2B", "%20", "[", "]",
            "{", "}", "\\", "ü", "\ud83d\ude00", "null", "not ", " and ", "-", ".", "*", "~", "#", "0", "9999999999999");
        var edit = Gen.Select(Gen.Int[0, 4], Gen.Double[0, 1], piece).Select((how, where, what) => (Func<string, string>)(url =>
        {
            const int From = 7; // behind /odata/
            var at = From + (int)(where * (url.Length - From - 1));
            return how switch
            {
                0 => url.Remove(at, 1),
                1 => url.Insert(at, url[at].ToString()),
                2 => at + 1 < url.Length ? url[..at] + url[at + 1] + url[at] + url[(at + 2)..] : url,
                3 => url[..at],
                _ => url.Insert(at, what),
            };
        }));
        return Gen.Frequency((3, Gen.Const(new List<Func<string, string>>())), (2, edit.List[1, 3])).Select(
            edits => (Func<string, string>)(url => edits.Aggregate(url, (text, change) => text.Length > 8 ? change(text) : text)));
    }
}
