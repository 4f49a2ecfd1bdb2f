using System.Net;
using System.Text.Json.Nodes;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData.Batch;
using SupportTickets.Tests.Triage;

namespace SupportTickets.Tests.Tickets;

/// <summary>Who may send tickets in but not read them learns no more than what they sent, and its number.</summary>
public sealed class SubmitDeskTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, CombinedProviders(Face.Rest), CombinedProviders(Face.OData), CombinedProviders(Face.Pages)]
    public async Task Who_may_not_read_gets_what_they_sent_and_its_number_whatever_became_of_the_ticket(Provider provider, Face face)
    {
        await using var provided = await StandIn.StartAsync();
        await using var desk = await Desk.StartAsync(provider, settings: [.. provided.Settings, ("ACCESS", "submit")]);
        var agent = await desk.AddPersonAsync(Role.agent, "Ada Lovelace");
        using var program = desk.ClientWith((await desk.AddTokenAsync(agent)).Text);
        var first = await desk.Client.CreateAsync(face, "a secret");
        Assert.Equal((HttpStatusCode.Created, 1, null), (first.Status, first.Id, first.ETag));

        var change = $$"""{"Status":"in_progress","Title":"Fraud suspected","Priority":"critical","AssigneeId":{{agent.Id}}}""";
        using (var patch = new HttpRequestMessage(HttpMethod.Patch, "/odata/Tickets(1)"))
        {
            patch.Content = new StringContent(change, null, "application/json");
            patch.Headers.Add("If-Match", "*");
            Assert.Equal(HttpStatusCode.OK, (await program.SendAsync(patch, Cancel)).StatusCode);
        }
        var again = await desk.NewClient().CreateAsync(face, "a secret");
        Assert.Equal(first, again);
        const string fields = """{"id":1,"title":"A title","description":"A description","category":"general","priority":"low"}""";
        const string context =
            """{"@odata.context":"http://localhost/odata/$metadata#Tickets(id,title,description,category,priority)/$entity",""";
        if (face == Face.Rest) Assert.Equal(fields, again.Words);
        if (face == Face.OData) Assert.Equal(context + fields[1..], again.Words, ignoreCase: true); // its names begin with a capital

        // The key alone tells nothing, not even which ticket it was for.
        var other = await desk.NewClient().CreateAsync(face, "a secret", "Another title");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, null), (other.Status, other.Id));
        Assert.DoesNotContain("1", other.Words);
        Assert.DoesNotContain("Fraud", other.Words);

        Assert.Equal(HttpStatusCode.NoContent, (await program.DeleteAsync("/odata/Tickets(1)", Cancel)).StatusCode);
        Assert.Equal(first, await desk.NewClient().CreateAsync(face, "a secret"));
        Assert.Equal((0, 1), ((await desk.StoredAsync()).Tickets, (await desk.StoredAsync()).Submissions));
        // Who may read has a key space of their own, and is told.
        Assert.Equal(2, (await program.CreateAsync(face == Face.Pages ? Face.Rest : face, "a secret", "Of Ada")).Id);
    }

    [Theory, Providers]
    public async Task Who_may_not_read_gets_no_more_by_options_preferences_or_a_batch(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "submit"));
        const string sent = """
            {"Title":" T ","Description":"D","Category":"billing","Priority":"high","Status":"resolved","Sentiment":"calm","UrgencyScore":3}
            """;
        string[] fields = ["@odata.context", "Id", "Title", "Description", "Category", "Priority", "Status"];
        string[] options =
        [
            "", "?$expand=Events,Assignee", "?$select=*&$expand=*", "?$select=Sentiment,UrgencyScore,CreatedAt,Version",
            "?$format=application/json;odata.metadata=full",
        ];
        foreach (var option in options)
        {
            foreach (var key in (string?[])[null, "a secret"])
            {
                using var request = Post($"/odata/Tickets{option}");
                if (key is not null) request.Headers.Add("Idempotency-Key", key);
                using var answer = await desk.Client.SendAsync(request, Cancel);
                var text = await answer.Content.ReadAsStringAsync(Cancel);
                Assert.True(answer.StatusCode is HttpStatusCode.Created, option + text);
                var node = JsonNode.Parse(text)!.AsObject();
                Assert.Equal((option, string.Join(',', fields)), (option, string.Join(',', node.Select(p => p.Key))));
                Assert.Null(answer.Headers.ETag);
                Assert.Equal("T", (string)node["Title"]!);
            }
        }
        using (var minimal = Post("/odata/Tickets"))
        {
            minimal.Headers.Add("Prefer", "return=minimal");
            using var answer = await desk.Client.SendAsync(minimal, Cancel);
            Assert.Equal((HttpStatusCode.NoContent, null), (answer.StatusCode, answer.Headers.ETag));
            Assert.EndsWith($"/odata/Tickets({options.Length + 2})", answer.Headers.GetValues("OData-EntityId").Single());
        }
        const string expanded = "Tickets?$expand=Events";
        Part[] parts = [new("a", "POST", expanded, sent), new("b", "POST", expanded, sent, "g"), new("c", "GET", "$a/Events")];
        using var batch = await desk.Client.PostAsync("/odata/$batch", BatchCalls.Json(parts), Cancel);
        var answers = await BatchCalls.AnswersAsync(batch);
        foreach (var part in answers.Where(a => a.Status == 201))
            Assert.Equal(string.Join(',', fields), string.Join(',', part.Json.AsObject().Select(p => p.Key)));
        Assert.Equal([201, 201, 401], answers.Select(a => a.Status));

        using var form = new FormUrlEncodedContent(
            [new("title", "T"), new("description", "D"), new("category", "billing"), new("priority", "high"), new("status", "closed")]);
        using var rest = await desk.Client.PostAsync("/api/tickets/", form, Cancel);
        var id = options.Length + 5;
        Assert.Equal(
            $$"""{"id":{{id}},"title":"T","description":"D","category":"billing","priority":"high","status":"closed"}""",
            await rest.Content.ReadAsStringAsync(Cancel));
        Assert.Equal((null, $"/api/tickets/{id}/"), (rest.Headers.ETag, rest.Headers.Location?.ToString()));

        static HttpRequestMessage Post(string path) =>
            new(HttpMethod.Post, path) { Content = new StringContent(sent, null, "application/json") };
    }
}
