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
        foreach (var value in Values)
        {
            await Expect($"Events?$compute={value} as X&$filter=Id in (1,3)&$select=Id,X", rows => rows);
            await Expect($"Events?$compute={value} as X&$filter=Id in (1,3)&$orderby=X&$select=Id,X", rows => rows);
            await Expect($"Events?$apply=filter(Id in (1,3))/compute({value} as X)&$orderby=Id", rows => rows);
            await Expect($"Events?$apply=filter(Id in (1,3))/compute({value} as X)/groupby((Id,X))&$orderby=X", rows => rows);
            await Expect(
                $"Events?$apply=filter(Id in (1,3))/compute({value} as X)/groupby((Id),aggregate(X with max as X))&$orderby=X",
                rows => rows);
            await Expect(
                $"Tickets?$select=Id&$expand=Events($compute={value} as X;$filter=Id in (1,3);$select=Id,X)",
                rows => rows.SelectMany(row => row["Events"]!.AsArray().Select(e => e!)));
            await Expect(
                $"Events?$filter=Id in (1,3)&$orderby={value} desc&$top=2",
                rows => rows.Select(row => new JsonObject { ["X"] = row["Id"]!.GetValue<int>() == 1 ? null : 1 }).Reverse());
            await Expect(
                $"Events?$filter=Id in (1,3) and {value} eq null",
                rows =>
                    rows.Select(row => new JsonObject { ["X"] = row["Id"]!.GetValue<int>() == 1 ? null : 1 })
                        .Append(new JsonObject { ["X"] = 1 }));
            var (omitted, problem) = await RowsAsync(
                desk, $"Events?$compute={value} as X&$filter=Id in (1,3)&$select=Id,X", ("Prefer", "omit-values=nulls"));
            if (problem is not null || omitted![0].AsObject().ContainsKey("X") || !omitted[1].AsObject().ContainsKey("X"))
                wrong.Add($"omit-values, {value}: {problem ?? string.Join(',', omitted!.Select(row => row.ToJsonString()))}");
        }
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));

        async Task Expect(string url, Func<IEnumerable<JsonNode>, IEnumerable<JsonNode>> read)
        {
            var (rows, error) = await RowsAsync(desk, url);
            if (error is not null || read(rows!).ToList() is not [{ } first, { } second] || first["X"] is not null || second["X"] is null)
                wrong.Add($"{url}: {error ?? string.Join(',', rows!.Select(row => row.ToJsonString()))}");
        }
    }
}
