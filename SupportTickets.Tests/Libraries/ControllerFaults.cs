using System.Net;
using System.Text.Json.Nodes;
using Microsoft.OData;
using SupportTickets.OData;
using SupportTickets.OData.Answers;
using SupportTickets.OData.Batch;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Model;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;
using SupportTickets.OData.Writing;

namespace SupportTickets.Tests.Libraries;

/// <summary>
/// What a feed does wrong that is made of the controllers and formatters of Microsoft.AspNetCore.OData. A test that fails says that the
/// library was mended: look at the code that the test names, it can go or be simplified.
/// </summary>
public sealed class ControllerFaults(SampleSite site) : IClassFixture<SampleSite>
{
    /// <summary>Therefore <see cref="FeedEndpoint"/>, and <see cref="QueryFailures"/> before the answer begins.</summary>
    [Fact]
    public Task A_query_that_fails_is_200_with_half_a_body() => site.BreaksOffAsync("Parts");

    /// <summary>Clients look for OData's body. Therefore <see cref="FeedEndpoint"/> and <see cref="ErrorAnswer"/>.</summary>
    [Theory]
    [InlineData("GET", "Nothing", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "Items", HttpStatusCode.MethodNotAllowed)]
    public async Task Some_errors_have_no_body(string method, string path, HttpStatusCode status)
    {
        using var response = await site.SendAsync(new(method), path);
        Assert.Equal(status, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>JSON Format 4.01, 21.1. Therefore <see cref="FeedError"/> and <see cref="ErrorAnswer"/>.</summary>
    [Fact]
    public async Task Errors_have_no_code_and_tell_strangers_how_it_is_made()
    {
        var error = JsonNode.Parse(await site.GetAsync("Items?$top=x"))!["error"]!;
        Assert.Empty(error["code"]!.GetValue<string>());
        Assert.Contains("   at Microsoft.", error["innererror"]!["stacktrace"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    /// <summary>
    /// Protocol 4.01, 8.2.1, 8.2.5, 8.2.6 and 8.2.7. Refused by <see cref="AnswerFormat"/> and <see cref="ProtocolVersion"/>.
    /// </summary>
    [Theory]
    [InlineData("Accept", "image/png")]
    [InlineData("OData-MaxVersion", "3.0")]
    [InlineData("OData-Version", "9.0")]
    [InlineData("Isolation", "snapshot")]
    public async Task Headers_that_cannot_be_met_are_passed_over(string name, string value)
    {
        using var response = await site.SendAsync(HttpMethod.Get, "Items?$top=1", json: null, (name, value));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>JSON Format 4.01, 3. Read by <see cref="AnswerFormat"/>.</summary>
    [Fact]
    public async Task In_4_01_the_level_of_metadata_needs_its_prefix()
    {
        Assert.DoesNotContain("@type", await AskAsync("metadata=full"), StringComparison.Ordinal);
        Assert.Contains("@type", await AskAsync("odata.metadata=full"), StringComparison.Ordinal);

        Task<string> AskAsync(string level) =>
            site.GetAsync("Items?$top=1", ("OData-MaxVersion", "4.01"), ("Accept", $"application/json;{level}"));
    }

    /// <summary>Therefore <see cref="AnswerFormat.PrefersJsonMetadata"/> and <see cref="Documents"/>.</summary>
    [Fact]
    public async Task Metadata_is_XML_for_who_accepts_JSON()
    {
        Assert.StartsWith("<", await site.GetAsync("$metadata", ("Accept", "application/json")), StringComparison.Ordinal);
        Assert.StartsWith("{", await site.GetAsync("$metadata?$format=json"), StringComparison.Ordinal);
    }

    /// <summary>Therefore <see cref="WrappedRows"/>.</summary>
    [Fact]
    public async Task Groups_have_an_id_of_null() =>
        Assert.Contains("\"@odata.id\":null", await site.GetAsync("Items?$apply=groupby((Name))"), StringComparison.Ordinal);

    /// <summary>Therefore <see cref="WrappedRows"/>, and <see cref="FeedWriter"/> without links.</summary>
    [Fact]
    public Task Groups_in_full_metadata_break_off() =>
        site.BreaksOffAsync("Items?$apply=groupby((Name))", ("Accept", "application/json;odata.metadata=full"));

    /// <summary>Therefore <see cref="WrappedRows.Of"/>.</summary>
    [Fact]
    public Task The_last_of_times_breaks_off() => site.BreaksOffAsync("Items?$apply=aggregate(At with max as Last)");

    /// <summary>Therefore <see cref="WrappedRows"/>, and <see cref="FeedModel"/> says that such a row may be missing.</summary>
    [Fact]
    public Task A_group_by_something_that_is_not_there_breaks_off() => site.BreaksOffAsync("Items?$apply=groupby((Owner/Name))");

    /// <summary>Groups that come and go meanwhile move it. Therefore <see cref="PageToken"/>.</summary>
    [Fact]
    public async Task Pages_of_groups_go_on_by_number()
    {
        var answer = JsonNode.Parse(await site.GetAsync("Items?$apply=groupby((Id))"))!;
        Assert.EndsWith("$skip=3", answer["@odata.nextLink"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    /// <summary>Protocol 4.01, 8.2.8.6. Therefore <see cref="RowSerializer"/>.</summary>
    [Fact]
    public async Task Values_are_not_omitted_as_preferred()
    {
        var answer = await site.GetAsync("Items?$select=Note", ("Prefer", "omit-values=nulls"));
        Assert.Contains("\"Note\":null", answer, StringComparison.Ordinal);
    }

    /// <summary>Protocol 4.01, 11.2.5.3. Worked around in <see cref="ComputedSelection"/>.</summary>
    [Fact]
    public async Task What_is_computed_in_expand_is_left_out()
    {
        const string query = "Items?$top=1&$expand=Parts($compute=Size mul 2 as Twice";
        Assert.DoesNotContain("Twice", await site.GetAsync($"{query})"), StringComparison.Ordinal);
        Assert.Contains("\"Twice\":2", await site.GetAsync($"{query};$select=Twice)"), StringComparison.Ordinal);
    }

    /// <summary>Nobody can say what was wrong. Therefore <see cref="JsonFields"/>.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{nothing")]
    [InlineData("""{"Name":5}""")]
    [InlineData("""{"Grade":"nothing"}""")]
    [InlineData("""{"Unknown":1}""")]
    public async Task A_body_with_a_mistake_in_it_is_null(string body) => Assert.Equal("null", await PostedAsync(body));

    /// <summary>Therefore <see cref="EntityPayload"/>.</summary>
    [Fact]
    public async Task A_number_that_no_member_has_is_written() => Assert.Equal("99 ", await PostedAsync("""{"Grade":"99"}"""));

    /// <summary>So that another text is stored than was sent. Therefore <see cref="JsonFields"/>.</summary>
    [Fact]
    public async Task Half_a_character_becomes_another() => Assert.Equal("0 \uFFFD", await PostedAsync("""{"Note":"\ud800"}"""));

    /// <summary>JSON Format 4.01, 19.1: it is 424. Therefore <see cref="BatchRunner"/>.</summary>
    [Fact]
    public async Task What_depends_on_a_part_that_failed_is_done()
    {
        const string batch = """
            {"requests":[{"id":"1","method":"GET","url":"Nothing"},{"id":"2","dependsOn":["1"],"method":"GET","url":"Items?$top=1"}]}
            """;
        using var response = await site.SendAsync(HttpMethod.Post, "$batch", batch, ("Prefer", "continue-on-error"));
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal([404, 200], answer["responses"]!.AsArray().Select(part => part!["status"]!.GetValue<int>()));
    }

    /// <summary>It ends as 500, without a body in OData's format. Therefore <see cref="MultipartBatchReader"/>.</summary>
    [Fact]
    public async Task A_batch_that_cannot_be_read_is_no_answer_but_an_exception()
    {
        using var batch = new MultipartContent("mixed", "b") { new StringContent("GET Items HTTP/1.1\r\n\r\n") };
        await Assert.ThrowsAnyAsync<ODataException>(() => site.SendAsync(HttpMethod.Post, "$batch", batch));
    }

    private async Task<string> PostedAsync(string body)
    {
        using var response = await site.SendAsync(HttpMethod.Post, "Items", body);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
