using System.Net;
using System.Text.Json;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Differential;

/// <summary>What is wrong with the answers to a query.</summary>
/// <param name="Query">The query.</param>
/// <param name="Kind">What kind of mistake it is; one that is of the same kind for a simpler query is taken for the same.</param>
/// <param name="Details">Both answers, and where they differ.</param>
internal sealed record Failure(Query Query, string Kind, string Details);

/// <summary>Asks both desks a query and judges their answers.</summary>
internal sealed class Judge(Desks desks)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<int, int> _statuses = new();

    /// <summary>How often which status was answered.</summary>
    public string Statuses => string.Join(", ", _statuses.OrderBy(s => s.Key).Select(s => $"{s.Value} times {s.Key}"));

    /// <summary>What is wrong; null where nothing is.</summary>
    public async Task<Failure?> JudgeAsync(Query query)
    {
        var replies = new[] { await desks.AskAsync(Provider.Sqlite, query.Url), await desks.AskAsync(Provider.Postgres, query.Url) };
        foreach (var reply in replies)
            _statuses.AddOrUpdate(reply.Status, 1, (_, count) => count + 1);
        if (Ill(query, replies) is { } ill)
            return ill;
        var expected = Expected(query);
        if (replies.Any(reply => reply.Status != (int)HttpStatusCode.OK))
        {
            var refused = replies.Max(reply => reply.Status);
            return expected is null || KnownDifferences.Refusal(query, refused) ? null : Fail(query, Refusal(replies), replies);
        }
        if (expected is null)
            return null;
        var (sqlite, postgres) = (replies[0].Json!.Value, replies[1].Json!.Value);
        if (Comparison.Of(sqlite.GetProperty("value"), postgres.GetProperty("value")) is { } difference)
            return Fail(query, "The databases differ", replies, difference);
        if (Comparison.Of(sqlite, expected) is { } mistake)
            return Fail(query, "The interpreter says otherwise", replies, mistake);
        return query.PageSize is { } size ? await WalkAsync(query, size, replies) : null;
    }

    private async Task<Failure?> WalkAsync(Query query, int size, Reply[] replies)
    {
        foreach (var provider in Enum.GetValues<Provider>())
        {
            var whole = replies[(int)provider].Json!.Value.GetProperty("value").EnumerateArray().Select(row => row.GetRawText()).ToList();
            var (rows, problem) = await desks.WalkAsync(provider, query.Url, size);
            if (problem is null && !rows.SequenceEqual(whole))
            {
                var equal = rows.Zip(whole).TakeWhile(pair => pair.First == pair.Second).Count();
                problem = $"{rows.Count} rows in pages, {whole.Count} in one answer, equal up to {equal}";
            }
            if (problem is not null)
                return Fail(query, "Pages differ from the whole", replies, $"{provider}, pages of {size}: {problem}");
        }
        return null;
    }

    // No failure of the server, no half answer.
    private static Failure? Ill(Query query, Reply[] replies)
    {
        var bad = replies.FirstOrDefault(reply => reply.Json is not { } json
            || reply.Status is 0 or (>= 500 and not 501)
            || (reply.Status == (int)HttpStatusCode.OK && !json.TryGetProperty("value", out _)));
        return bad is null ? null : Fail(query, $"Status {bad.Status}{(bad.Json is null ? ", cut off" : "")}", replies);
    }

    private static string Refusal(Reply[] replies) =>
        string.Join(", ", replies.Select(reply => reply.Status == 200 ? "200" : $"{reply.Status} {Message(reply.Json!.Value)}"));

    private static string? Message(JsonElement json) => json.GetProperty("error").GetProperty("message").GetString();

    private Expected? Expected(Query query)
    {
        try
        {
            return Interpreter.Answer(query.Options, desks.Rows[query.Entity]);
        }
        catch (NotComputableException)
        {
            return null;
        }
        catch (Exception error) when (error is InvalidCastException or NullReferenceException or FormatException or OverflowException)
        {
            throw new InvalidOperationException($"The interpreter fails on {query.Text}", error);
        }
    }

    private static Failure Fail(Query query, string kind, Reply[] replies, string? difference = null)
    {
        var answers = replies.Select((reply, i) => $"  {(Provider)i}: {reply.Status} {Short(reply.Text)}");
        return new(query, kind, string.Join('\n', answers.Prepend("  " + difference)));
    }

    private static string Short(string text) => text.Length > 1500 ? text[..1500] + "..." : text;
}
