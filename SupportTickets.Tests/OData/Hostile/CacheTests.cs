using System.Collections;
using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.OData.Query;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData.Hostile;

public sealed class CacheTests
{
    [Fact]
    public async Task Names_that_a_caller_makes_up_are_not_kept()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite);
        await desk.SeedAsync(1);
        var marker = $"Alias{Guid.NewGuid():N}";
        for (var n = 0; n < 20; n++)
        {
            foreach (var query in new[]
            {
                $"$compute=Id add 1 as {marker}{n}&$select={marker}{n}", $"$compute=Id add 1 as {marker}{n}",
                $"$apply=compute(Id add 1 as {marker}{n})", $"$apply=aggregate($count as {marker}{n})",
                $"$apply=groupby((Status),aggregate(Id with sum as {marker}{n}))",
                $"$expand=Events($compute=Id as {marker}{n};$select={marker}{n})", $"$filter={marker}{n} eq 1",
                $"$select={marker}{n}", $"$filter=Title eq @{marker}{n}&@{marker}{n}='a'", $"{marker}{n}=1",
            })
                await desk.BearsAsync($"/odata/Tickets?{query}");
            Assert.Equal(HttpStatusCode.NotFound, await desk.BearsAsync($"/odata/{marker}{n}"));
        }
        foreach (var assembly in new[]
        {
            typeof(Program).Assembly,
            typeof(ODataQueryOptions).Assembly,
            typeof(Microsoft.OData.UriParser.ODataUriParser).Assembly,
            typeof(Microsoft.OData.Edm.IEdmModel).Assembly,
        })
            Assert.Empty(Kept(assembly, marker));
    }

    // The static collections that have a key with the name in it.
    private static IEnumerable<string> Kept(Assembly assembly, string marker) =>
        from type in assembly.GetTypes()
        where !type.ContainsGenericParameters
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where typeof(IDictionary).IsAssignableFrom(field.FieldType)
        let entries = field.GetValue(null) as IDictionary
        where
            entries is not null
            && entries.Keys.Cast<object>().ToList().Any(key => key.ToString()!.Contains(marker, StringComparison.Ordinal))
        select $"{type.FullName}.{field.Name}";
}
