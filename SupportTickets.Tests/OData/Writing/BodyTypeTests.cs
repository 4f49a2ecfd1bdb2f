using System.Net;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Batch;

namespace SupportTickets.Tests.OData;

/// <summary>Bodies that say of which type they are (JSON Format 4.01, 4.6.3).</summary>
public sealed class BodyTypeTests
{
    private const string Fields = """ "Title":"t","Description":"d","Category":"billing","Priority":"low" """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<Provider, string, string, string, string> Writes => new(
        new[] { Provider.Sqlite, Provider.Postgres }.SelectMany(provider => new (string Method, string Path, string Field, string Others)[]
        {
            ("POST", "Tickets", "@odata.type", Fields),
            ("PATCH", "Tickets(1)", "@odata.type", """ "Title":"t" """),
            ("PUT", "Tickets(1)", "@odata.type", Fields),
        }.Select(w => (provider, w.Method, w.Path, w.Field, w.Others))));

    [Theory, MemberData(nameof(Writes))]
    public async Task A_wrong_type_of_an_entity_is_refused_and_a_right_one_taken(
        Provider provider, string method, string path, string field, string others)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        string[] wrong =
        [
            "\"#Nope.Nope\"",
            "\"#SupportTickets.Agent\"",
            "5",
            "null",
            "{}",
            "\"\"",
            "\"#\"",
            "\"#Ticket\"",
            "\"#supporttickets.ticket\"",
            "\"#Collection(SupportTickets.Ticket)\"",
            "\"http://elsewhere/odata/$metadata#SupportTickets.Ticket\"",
            "\"Tickets#SupportTickets.Ticket\"",
        ];
        foreach (var type in wrong)
        {
            using var refused = await desk.SendAsync(new(method), $"/odata/{path}", $"{{\"{field}\":{type},{others}}}");
            var error = await FeedDesk.ErrorAsync(refused, HttpStatusCode.BadRequest);
            Assert.Equal(("invalid_input", "@odata.type"), (error["code"]!.GetValue<string>(), error["target"]!.GetValue<string>()));
        }
        Assert.Equal("1", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));
        Assert.Equal(1, (await desk.GetAsync("/odata/Tickets(1)"))["Version"]!.GetValue<int>());
        foreach (var name in new[] { "@odata.type", "@type" })
        {
            foreach (var type in new[]
            {
                "#SupportTickets.Ticket",
                "SupportTickets.Ticket",
                "$metadata#SupportTickets.Ticket",
                "/odata/$metadata#SupportTickets.Ticket",
                "http://localhost/odata/$metadata#SupportTickets.Ticket",
            })
            {
                using var taken = await desk.SendAsync(new(method), $"/odata/{path}", $"{{\"{name}\":\"{type}\",{others}}}");
                Assert.True(taken.IsSuccessStatusCode, $"{type}: {await taken.Content.ReadAsStringAsync(Cancel)}");
            }
        }
    }

    [Theory, Providers]
    public async Task The_types_of_properties_of_parameters_and_of_parts_of_a_batch_count_as_well(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        foreach (var (method, path, body) in new[]
        {
            ("PATCH", "Tickets(1)", """{"Title@odata.type":"#Int32","Title":"t"}"""),
            ("PATCH", "Tickets(1)", """{"Priority@odata.type":"#SupportTickets.Status","Priority":"low"}"""),
            ("PATCH", "Tickets(1)", """{"CreatedAt@odata.type":"#String"}"""),
            ("PUT", "Tickets(1)/Title", """{"@odata.type":"#Int32","value":"t"}"""),
            ("PATCH", "Tickets(1)/Priority", """{"value@odata.type":"#String","value":"low"}"""),
            ("POST", "Tickets(1)/Resolve", """{"@odata.type":"#Nope.Nope"}"""),
            ("POST", "Tickets(1)/Assign", """{"AssigneeId@odata.type":"#String","AssigneeId":null}"""),
            ("POST", "Tickets/SuggestTitle", """{"Description@type":"Int32","Description":"d"}"""),
        })
        {
            using var refused = await desk.SendAsync(new(method), $"/odata/{path}", body);
            Assert.Contains("odata.type", (await FeedDesk.ErrorAsync(refused, HttpStatusCode.BadRequest))["target"]!.GetValue<string>());
        }
        foreach (var json in new[] { true, false })
            Assert.Equal(
                400,
                Assert
                    .Single(await desk.BatchAsync(
                        json, [new Part("a", "POST", "Tickets", $"{{\"@odata.type\":\"#Nope.Nope\",{Fields}}}", "g")]))
                    .Status);
        Assert.Equal(1, (await desk.GetAsync("/odata/Tickets(1)"))["Version"]!.GetValue<int>());
        Assert.Equal("1", await desk.Client.GetStringAsync("/odata/Tickets/$count", Cancel));

        foreach (var (method, path, body) in new[]
        {
            (
                "PATCH",
                "Tickets(1)",
                """
                {"Title@odata.type":"#String","Title":"t","Priority@odata.type":"#SupportTickets.Priority","Priority":"low",
                "Version@type":"Int32","Version":7,"CreatedAt@odata.type":"#Edm.DateTimeOffset"}
                """.ReplaceLineEndings("")),
            ("PUT", "Tickets(1)/Title", """{"@odata.type":"#String","value":"t"}"""),
            ("PATCH", "Tickets(1)/Priority", """{"value@odata.type":"#SupportTickets.Priority","value":"low"}"""),
            ("POST", "Tickets(1)/Assign", """{"AssigneeId@odata.type":"#Int32","AssigneeId":null}"""),
            ("PATCH", "Tickets(1)", """{"Title@my.type":"anything","Nothing@odata.type":"#Int32","Title":"t"}"""),
        })
        {
            using var taken = await desk.SendAsync(new(method), $"/odata/{path}", body);
            Assert.True(taken.IsSuccessStatusCode, $"{body}: {await taken.Content.ReadAsStringAsync(Cancel)}");
        }
        // What a read with all types gives is taken back as it is.
        var whole = await desk.GetAsync("/odata/Tickets(1)", ("Accept", "application/json;odata.metadata=full"));
        using var back = await desk.SendAsync(HttpMethod.Put, "/odata/Tickets(1)", whole.ToJsonString());
        Assert.True(back.IsSuccessStatusCode, await back.Content.ReadAsStringAsync(Cancel));
        var value = await desk.GetAsync("/odata/Tickets(1)/Priority", ("Accept", "application/json;odata.metadata=full"));
        using var backValue = await desk.SendAsync(HttpMethod.Put, "/odata/Tickets(1)/Priority", value.ToJsonString());
        Assert.True(backValue.IsSuccessStatusCode, await backValue.Content.ReadAsStringAsync(Cancel));
    }

    [Theory, Providers]
    public async Task A_body_in_another_charset_than_UTF_8_is_no_OData(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        foreach (var (charset, status) in new[]
        {
            ("latin-1", 415),
            ("utf-16", 415),
            ("nope", 415),
            ("utf-8", 201),
            ("\"UTF-8\"", 201),
            ("utf8", 201),
            ("us-ascii", 201),
        })
        {
            using var content = BatchCalls.Content($"{{{Fields}}}", $"application/json; charset={charset}");
            using var answer = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets", content);
            Assert.Equal((charset, status), (charset, (int)answer.StatusCode));
        }
    }
}
