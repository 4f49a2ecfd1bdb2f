using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.WebUtilities;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Reading;
using SupportTickets.Tickets.Search;

namespace SupportTickets.Views;

/// <summary>The list of tickets as its address describes it: filters, search and order. Nothing is kept elsewhere.</summary>
public sealed record ListQuery
{
    /// <summary>The address of the list of all tickets.</summary>
    public const string Path = "/tickets";

    /// <summary>What the reader has to do: open first, the oldest of them first, which is the order to work in.</summary>
    public static readonly ListQuery Mine = new()
    {
        Assignee = AgentOptions.MeValue,
        Times = TicketTimes.Any with { Unresolved = true },
        Order = new(TicketSort.status, Descending: false),
    };

    /// <summary>The search text as typed; empty for none.</summary>
    public string Search { get; init; } = "";

    /// <summary>Only this status.</summary>
    public Status? Status { get; init; }

    /// <summary>Only this category.</summary>
    public Category? Category { get; init; }

    /// <summary>Only this priority.</summary>
    public Priority? Priority { get; init; }

    /// <summary>Only this sentiment.</summary>
    public Sentiment? Sentiment { get; init; }

    /// <summary>Only tickets of the reader, of nobody, or of the agent with this id; empty for all.</summary>
    public string Assignee { get; init; } = "";

    /// <summary>The agent whose tickets are shown; null where it is the reader, nobody, or everybody.</summary>
    public int? AssigneeId => Number(Assignee);

    /// <summary>The name of that agent, where it is known.</summary>
    public string? AssigneeName { get; init; }

    /// <summary>Only tickets of this requester.</summary>
    public int? Requester { get; init; }

    /// <summary>The name of that requester, where it is known.</summary>
    public string? RequesterName { get; init; }

    /// <summary>Only tickets that have all these tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Only tickets of these times.</summary>
    public TicketTimes Times { get; init; } = TicketTimes.Any;

    /// <summary>The order.</summary>
    public TicketOrder Order { get; init; } = TicketOrder.Default;

    /// <summary>Whether the search has a term; one without finds everything, for example a single quote.</summary>
    public bool HasTerms => !SearchTerms.Parse(Search).Succeeded(out var terms, out _) || !terms.IsEmpty;

    /// <summary>The number of a ticket, when the search is one: 123 or #123. Null for any other search.</summary>
    public int? TicketNumber => Number(Search.StartsWith('#') ? Search[1..] : Search);

    /// <summary>The address of the first page.</summary>
    public string Url => UrlOf(null);

    /// <summary>The address of the list with these filters, whatever its order and page.</summary>
    public string FiltersUrl => (this with { Order = TicketOrder.Default }).Url;

    /// <summary>The active filters: a label for each, and the list without it.</summary>
    public IEnumerable<(string Label, ListQuery Without)> Filters
    {
        get
        {
            if (Search.Length > 0) yield return (HasTerms ? $"“{Search}”" : $"“{Search}”: nothing to search for", WithoutSearch);
            if (Status is { } status) yield return ($"Status: {Words.Plain(status)}", this with { Status = null });
            if (Category is { } category) yield return ($"Category: {category}", this with { Category = null });
            if (Priority is { } priority) yield return ($"Priority: {priority}", this with { Priority = null });
            if (Sentiment is { } sentiment) yield return ($"Sentiment: {sentiment}", this with { Sentiment = null });
            if (Assignee.Length > 0) yield return (AssigneeLabel, this with { Assignee = "" });
            if (Requester is { } requester)
                yield return ($"Requester: {RequesterName ?? $"#{requester}"}", this with { Requester = null, RequesterName = null });
            foreach (var tag in Tags) yield return ($"Tag: {tag}", this with { Tags = [.. Tags.Where(other => other != tag)] });
            foreach (var (label, without) in Times.Filters()) yield return (label, this with { Times = without });
        }
    }

    /// <summary>Reads an address. Values that are invalid are left out and reported in <paramref name="errors"/>.</summary>
    public static ListQuery Read(IQueryCollection query, ICollection<string> errors)
    {
        var list = new ListQuery
        {
            Search = Last("search").Trim(),
            Status = Choice<Status>("status"),
            Category = Choice<Category>("category"),
            Priority = Choice<Priority>("priority"),
            Sentiment = Choice<Sentiment>("sentiment"),
            Assignee = Last("assignee") is var assignee && IsAssignee(assignee) ? assignee : Bad("assignee", assignee, ""),
            Requester = Last("requester") is { Length: > 0 } who ? Number(who) ?? Bad<int?>("requester", who, null) : null,
            Tags = ReadTags(),
            Times = ListTimes.Read(query, errors),
            Order = Last("sort") is { Length: > 0 } sort
                ? TicketOrder.Parse(sort) ?? Bad("sort", sort, TicketOrder.Default)
                : TicketOrder.Default,
        };
        // What was found by a search that is gone needs another order.
        return list.Order.Sort != TicketSort.match || list.HasTerms ? list : list with { Order = TicketOrder.Default };

        string Last(string name) => query[name] is [.., { } last] ? last : "";

        TEnum? Choice<TEnum>(string name) where TEnum : struct, Enum =>
            Last(name) is not { Length: > 0 } text ? null
            : EnumNames.TryParse<TEnum>(text, out var value) ? value
            : Bad<TEnum?>(name, text, null);

        IReadOnlyList<string> ReadTags()
        {
            // Several can stand in one, with commas between them, as they are typed.
            const StringSplitOptions trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
            var names = query["tag"].SelectMany(text => (text ?? "").Split(',', trimmed)).ToList();
            if (TagValidator.Names(names).Succeeded(out var tags, out var problem))
                return tags;
            foreach (var error in ((InvalidInput)problem).Errors.DistinctBy(error => error.Code)) errors.Add(Words.Of(error));
            names.RemoveAll(name => !TagValidator.Name(Supplied.Of(name)).Succeeded(out _, out _));
            return TagValidator.Names([.. names.Take(TagValidator.MaxTags)]).Succeeded(out tags, out _) ? tags : [];
        }

        T Bad<T>(string name, string text, T otherwise)
        {
            errors.Add($"There is no {name} “{(text.Length > 60 ? text[..60] + "…" : text)}”. Choose one from the list.");
            return otherwise;
        }
    }

    /// <summary>
    /// Reads an address that is stored or sent as a text, as <see cref="Read"/> does; only the part after the question mark counts.
    /// </summary>
    public static ListQuery Parse(string address, ICollection<string> errors) =>
        Read(new QueryCollection(QueryHelpers.ParseQuery(address.IndexOf('?') is >= 0 and var at ? address[at..] : "")), errors);

    /// <summary>
    /// The filter for the core. Fails when the search is invalid, or when the list asks for the reader's own tickets and nobody is
    /// signed in.
    /// </summary>
    public Result<TicketFilter> ToFilter(Caller reader)
    {
        if (Assignee == AgentOptions.MeValue && reader.PersonId is null)
            return new InvalidInput([new("assignee", FieldErrorCode.Required, "Nobody is signed in.")]);
        return SearchTerms.Parse(Search).Succeeded(out var terms, out var problem)
            ? new TicketFilter
            {
                Search = terms,
                Status = Status,
                Category = Category,
                Priority = Priority,
                Sentiment = Sentiment,
                Assignee = AssigneeFilter(reader),
                Requester = Requester,
                Tags = Tags,
                Times = Times,
            }
            : problem;
    }

    /// <summary>
    /// The filter for the core; null when any part of the address is invalid, with the reasons added to <paramref name="errors"/>.
    /// </summary>
    public TicketFilter? Filter(Caller reader, ICollection<string> errors)
    {
        if (!ToFilter(reader).Succeeded(out var filter, out var problem) && problem is InvalidInput invalid)
            foreach (var error in invalid.Errors) errors.Add(Words.Of(error));
        return errors.Count == 0 ? filter : null;
    }

    /// <summary>The address of the page at a cursor; null gives the first page.</summary>
    public string UrlOf(TicketCursor? cursor) => $"{Path}{Parameters(cursor)}";

    /// <summary>The address of the whole list as a file: csv or xlsx.</summary>
    public string ExportUrl(string format) => $"/tickets/export.{format}{Parameters(null)}";

    /// <summary>The address of the comments of the whole list, as CSV.</summary>
    public string CommentsUrl => $"/tickets/comments.csv{Parameters(null)}";

    private ListQuery WithoutSearch =>
        this with { Search = "", Order = Order.Sort == TicketSort.match ? TicketOrder.Default : Order };

    private QueryBuilder Parameters(TicketCursor? cursor)
    {
        var query = new QueryBuilder();
        Add("search", Search);
        Add("status", Status?.ToString());
        Add("category", Category?.ToString());
        Add("priority", Priority?.ToString());
        Add("sentiment", Sentiment?.ToString());
        Add("assignee", Assignee);
        Add("requester", Requester?.ToString(CultureInfo.InvariantCulture));
        foreach (var tag in Tags) Add("tag", tag);
        foreach (var (name, value) in Times.Parameters()) Add(name, value);
        if (Order != TicketOrder.Default) Add("sort", Order.ToString());
        if (cursor is not null) Add(cursor.Forward ? "after" : "before", cursor.ToString());
        return query;

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) query.Add(name, value);
        }
    }

    private string AssigneeLabel => Assignee switch
    {
        AgentOptions.MeValue => "Assigned to me",
        AgentOptions.NobodyValue => "Unassigned",
        _ => $"Assigned to {AssigneeName ?? $"#{Assignee}"}",
    };

    private AssigneeFilter? AssigneeFilter(Caller reader) => Assignee switch
    {
        "" => null,
        AgentOptions.MeValue => new(reader.PersonId),
        AgentOptions.NobodyValue => new((int?)null),
        _ => new(AssigneeId),
    };

    private static bool IsAssignee(string text) =>
        text is "" or AgentOptions.MeValue or AgentOptions.NobodyValue || Number(text) is not null;

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
