using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;
using static SupportTickets.Tests.OData.NullRows;

namespace SupportTickets.Tests.OData;

/// <summary>What functions and operators give of null (OData URL Conventions 4.01, 5.1.1), in every option that takes one.</summary>
public sealed class NullValueTests
{
    // Values over the two events: null of the first, something of the second.
    private static readonly string[] Values =
    [
        "OldValue",
        "length(OldValue)",
        "indexof(OldValue,'p')",
        "indexof('open',OldValue)",
        "tolower(OldValue)",
        "toupper(OldValue)",
        "trim(OldValue)",
        "concat(OldValue,'x')",
        "concat('x',OldValue)",
        "concat(concat('a',OldValue),'b')",
        "substring(OldValue,1)",
        "substring(OldValue,0,2)",
        "substring(NewValue,length(OldValue))",
        "substring(NewValue,0,length(OldValue))",
        "contains(OldValue,'p')",
        "startswith(OldValue,'p')",
        "endswith(OldValue,'p')",
        "not contains(OldValue,'p')",
        "year(Ticket/ResolvedAt)",
        "month(Ticket/ResolvedAt)",
        "day(Ticket/ResolvedAt)",
        "hour(Ticket/ResolvedAt)",
        "minute(Ticket/ResolvedAt)",
        "second(Ticket/ResolvedAt)",
        "fractionalseconds(Ticket/ResolvedAt)",
        "totaloffsetminutes(Ticket/ResolvedAt)",
        "date(Ticket/ResolvedAt)",
        "time(Ticket/ResolvedAt)",
        "hour(time(Ticket/ResolvedAt))",
        "minute(time(Ticket/ResolvedAt))",
        "second(time(Ticket/ResolvedAt))",
        "year(Ticket/ResolvedDate)",
        "month(date(Ticket/ResolvedAt))",
        "totalseconds(Ticket/ResolvedAt sub At)",
        "round(Ticket/ResolutionMinutes divby 2)",
        "floor(Ticket/ResolutionMinutes divby 2)",
        "ceiling(Ticket/ResolutionMinutes divby 2)",
        "round(Ticket/ResolutionMinutes)",
        "floor(Ticket/ResolutionMinutes)",
        "cast(Ticket/ResolutionMinutes,Edm.Double)",
        "cast(Ticket/ResolutionMinutes,Edm.Int64)",
        "cast(Ticket/ResolutionMinutes,Edm.String)",
        "cast(length(OldValue),Edm.String)",
        "cast(length(Ticket/Assignee/Name),Edm.String)",
        "Ticket/ResolutionMinutes add 1",
        "2 mul Ticket/ResolutionMinutes",
        "Ticket/ResolutionMinutes mod 2",
        "-Ticket/ResolutionMinutes",
        "Ticket/Assignee/Name",
        "Ticket/Assignee/Id",
        "Ticket/Assignee/IsActive",
        "not Ticket/Assignee/IsActive",
        "Ticket/ResolvedOn/Year",
        "Ticket/ResolvedOn/IsWeekend",
    ];

    [Theory, Providers]
    public async Task A_function_or_operator_of_null_is_null_in_its_row_in_every_option(Provider provider)
    {
        await using var desk = await StartAsync(provider);
        var wrong = new List<string>();
        foreach (var values in Values.Chunk(9))
            wrong.AddRange(await AskTogetherAsync(desk, values));
        foreach (var value in Values)
            wrong.AddRange(await AskAboutOrderAsync(desk, value));
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    // Where one request can tell about many values.
    private static async Task<List<string>> AskTogetherAsync(FeedDesk desk, string[] values)
    {
        var wrong = new List<string>();
        var computed = string.Join(',', values.Select((value, i) => $"{value} as X{i}"));
        var columns = values.Select((_, i) => $"X{i}").ToList();
        var select = $"$select=Id,{string.Join(',', columns)}";
        await Expect($"Events?$compute={computed}&$filter=Id in (1,3)&{select}", rows => rows);
        await Expect($"Events?$apply=filter(Id in (1,3))/compute({computed})&$orderby=Id", rows => rows);
        await Expect(
            $"Tickets?$select=Id&$expand=Events($compute={computed};$filter=Id in (1,3);{select})",
            rows => rows.SelectMany(row => row["Events"]!.AsArray().Select(e => e!)));
        // Joined by 'and', a value that is not null shows, by 'or', one that is.
        foreach (var joint in new[] { " and ", " or " })
        {
            var url = $"Events?$filter=Id in (1,3) and ({string.Join(joint, values.Select(value => $"{value} eq null"))})&$select=Id";
            var (found, error) = await RowsAsync(desk, url);
            if (error is not null || found! is not [{ } only] || only["Id"]!.GetValue<int>() != 1)
                wrong.Add($"{url}: {error ?? Text(found!)}");
        }
        var (omitted, problem) = await RowsAsync(
            desk, $"Events?$compute={computed}&$filter=Id in (1,3)&{select}", ("Prefer", "omit-values=nulls"));
        if (problem is not null
            || columns.Exists(x => omitted![0].AsObject().ContainsKey(x)) || !columns.TrueForAll(omitted![1].AsObject().ContainsKey))
            wrong.Add($"omit-values, {computed}: {problem ?? Text(omitted!)}");
        return wrong;

        async Task Expect(string url, Func<IEnumerable<JsonNode>, IEnumerable<JsonNode>> read)
        {
            var (rows, error) = await RowsAsync(desk, url);
            var two = error is null ? read(rows!).ToList() : [];
            foreach (var x in columns)
                if (two is not [{ } first, { } second] || first[x] is not null || second[x] is null)
                    wrong.Add($"{values[columns.IndexOf(x)]} in {url}: {error ?? Text(two)}");
        }
    }

    // Where the order of the answer is decided by one value.
    private static async Task<List<string>> AskAboutOrderAsync(FeedDesk desk, string value)
    {
        var wrong = new List<string>();
        await Expect($"Events?$compute={value} as X&$filter=Id in (1,3)&$orderby=X&$select=Id,X", rows => rows);
        await Expect($"Events?$apply=filter(Id in (1,3))/compute({value} as X)/groupby((Id,X))&$orderby=X", rows => rows);
        await Expect(
            $"Events?$apply=filter(Id in (1,3))/compute({value} as X)/groupby((Id),aggregate(X with max as X))&$orderby=X", rows => rows);
        await Expect(
            $"Events?$filter=Id in (1,3)&$orderby={value} desc&$top=2&$select=Id",
            rows => rows.Select(row => new JsonObject { ["X"] = row["Id"]!.GetValue<int>() == 1 ? null : 1 }).Reverse());
        return wrong;

        async Task Expect(string url, Func<IEnumerable<JsonNode>, IEnumerable<JsonNode>> read)
        {
            var (rows, error) = await RowsAsync(desk, url);
            if (error is not null || read(rows!).ToList() is not [{ } first, { } second] || first["X"] is not null || second["X"] is null)
                wrong.Add($"{url}: {error ?? Text(rows!)}");
        }
    }

    private static string Text(IEnumerable<JsonNode> rows) => string.Join(',', rows.Select(row => row.ToJsonString()));
}
