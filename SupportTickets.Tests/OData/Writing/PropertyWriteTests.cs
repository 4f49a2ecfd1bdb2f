using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

public sealed class PropertyWriteTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task A_property_is_written_at_its_own_address(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        var version = 1;
        foreach (var (method, property, value) in new[]
        {
            ("PUT", "Title", "  Other \t"),
            ("PATCH", "Description", "Text"),
            ("PUT", "Category", "account"),
            ("PATCH", "Priority", "critical"),
            ("PUT", "Status", "resolved"),
        })
        {
            using var response = await desk.SendAsync(
                new(method),
                $"/odata/Tickets(1)/{property}",
                new JsonObject { ["@odata.context"] = "any", ["value"] = value }.ToJsonString());
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal($"W/\"{++version}\"", response.Headers.ETag!.ToString());
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!;
            Assert.Equal((await desk.GetAsync($"/odata/Tickets(1)/{property}")).ToJsonString(), answer.ToJsonString());
            Assert.Equal(value.Trim(), answer["value"]!.GetValue<string>());
        }
        using var raw = await desk.SendAsync(HttpMethod.Put, "/odata/Tickets/1/Title/$value", Text("Raw \"title\" 中文"));
        Assert.Equal(
            (HttpStatusCode.OK, "text/plain", "Raw \"title\" 中文"),
            (raw.StatusCode, raw.Content.Headers.ContentType!.MediaType, await raw.Content.ReadAsStringAsync(Cancel)));
        Assert.Equal("W/\"7\"", raw.Headers.ETag!.ToString());
        using var minimal = await desk.SendAsync(
            HttpMethod.Put, "/odata/Tickets(1)/Status/$value", Text("open"), ("Prefer", "return=minimal"), ("If-Match", "W/\"7\""));
        Assert.Equal(
            (HttpStatusCode.NoContent, "return=minimal", "W/\"8\""),
            (minimal.StatusCode, minimal.Headers.GetValues("Preference-Applied").Single(), minimal.Headers.ETag!.ToString()));
        Assert.Equal("4.0", minimal.Headers.GetValues("OData-Version").Single());
        var last = (await desk.RowsAsync("/odata/Tickets(1)/Events?$orderby=Id desc&$top=1"))[0];
        Assert.Equal("status resolved open odata", $"{last["Field"]} {last["OldValue"]} {last["NewValue"]} {last["Channel"]}");
        using var same = await desk.SendAsync(HttpMethod.Put, "/odata/Tickets(1)/Status/$value", Text("open"));
        Assert.Equal("W/\"8\"", same.Headers.ETag!.ToString());
    }

    [Theory, Providers]
    public async Task What_breaks_a_rule_or_cannot_be_written_is_refused(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        (string Method, string Path, string? Json, string Detail)[] refused =
        [
            ("PUT", "Title", """{"value":null}""", "Title null"),
            ("PUT", "Title", """{"@odata.null":true}""", "Title null"),
            ("PUT", "Title", """{"value":" "}""", "Title blank"),
            ("PATCH", "Title", """{"value":5}""", "Title not_text"),
            ("PUT", "Category", """{"value":"77"}""", "Category not_a_choice"),
            ("PUT", "Title", "{\"value\":\"" + new string('x', 201) + "\"}", "Title too_long"),
            ("PUT", "Title", """{"value":"x","Status":"open"}""", "Status unknown_property"),
            ("PUT", "Title", """{"value":"x","value":"y"}""", "value duplicate_property"),
            ("DELETE", "Title", null, "Title null"),
            ("DELETE", "Status/$value", null, "Status null"),
            ("DELETE", "ResolvedAt", null, "ResolvedAt read_only_property"),
            ("DELETE", "ResolvedAt/$value", null, "ResolvedAt read_only_property"),
            ("PUT", "Id", """{"value":1}""", "Id read_only_property"),
            ("PUT", "UrgencyScore", "no json", "UrgencyScore read_only_property"),
            ("PATCH", "CreatedAt", """{"value":"2026-01-01T00:00:00Z"}""", "CreatedAt read_only_property"),
        ];
        foreach (var (method, path, json, detail) in refused)
        {
            using var response = await desk.SendAsync(new(method), $"/odata/Tickets(1)/{path}", json);
            var error = await FeedDesk.ErrorAsync(response, HttpStatusCode.BadRequest);
            Assert.True(error["details"] is JsonArray, $"{method} {path} {error.ToJsonString()}");
            Assert.Equal($"invalid_input {detail}", $"{error["code"]} {error["details"]![0]!["target"]} {error["details"]![0]!["code"]}");
        }
        await RefusedAsync("PUT", "Tickets(1)/Title", Json("{}"), HttpStatusCode.BadRequest, "invalid_body");
        await RefusedAsync("PUT", "Tickets(1)/Title", Json("\"x\""), HttpStatusCode.BadRequest, "invalid_body");
        await RefusedAsync("PUT", "Tickets(1)/Title", Text("x"), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        await RefusedAsync("PUT", "Tickets(1)/Title/$value", Json("\"x\""), HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
        await RefusedAsync("PUT", "Tickets(1)/Title/$value", Text(""), HttpStatusCode.BadRequest, "invalid_input");
        await RefusedAsync(
            "PUT", "Tickets(1)/Title/$value", new ByteArrayContent([0xC3, 0x28]) { Headers = { ContentType = new("text/plain") } },
            HttpStatusCode.BadRequest, "invalid_body");
        await RefusedAsync("PATCH", "Tickets(1)/Title/$value", Text("x"), HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        await RefusedAsync("POST", "Tickets(1)/Title", Json("{}"), HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        await RefusedAsync("PUT", "Tickets(1)/Title?$select=Title", Json("""{"value":"x"}"""), HttpStatusCode.BadRequest, "invalid_query");
        await RefusedAsync("PUT", "Tickets(99)/Title", Json("""{"value":"x"}"""), HttpStatusCode.NotFound, "not_found");
        await RefusedAsync("PUT", "Tickets(99)/Title/$value", Text("x"), HttpStatusCode.NotFound, "not_found");
        await RefusedAsync("DELETE", "Tickets(99)/Title", null, HttpStatusCode.NotFound, "not_found");
        await RefusedAsync("PUT", "Tickets(1)/Nope", Json("""{"value":"x"}"""), HttpStatusCode.NotFound, "not_found");
        await RefusedAsync("PUT", "Events(1)/NewValue", Json("""{"value":"x"}"""), HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        await RefusedAsync(
            "PUT", "Events(1)/Ticket/Title", Json("""{"value":"x"}"""), HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        await RefusedAsync(
            "PUT", "Tickets(1)/Title", Json("""{"value":"x"}"""), HttpStatusCode.NotAcceptable, "not_acceptable", ("Accept", "text/plain"));
        await RefusedAsync(
            "PUT", "Tickets(1)/Title/$value", Text("x"), HttpStatusCode.NotAcceptable, "not_acceptable", ("Accept", "application/json"));
        Assert.Equal(
            "1 1",
            $"{(await desk.GetAsync("/odata/Tickets(1)"))["Version"]} {await desk.Client.GetStringAsync("/odata/Events/$count", Cancel)}");

        async Task RefusedAsync(
            string method, string path, HttpContent? content, HttpStatusCode status, string code, params (string, string)[] headers)
        {
            using var response = await desk.SendAsync(new HttpMethod(method), $"/odata/{path}", content, headers);
            Assert.Equal($"{path} {code}", $"{path} {(await FeedDesk.ErrorAsync(response, status))["code"]}");
        }
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static StringContent Text(string body) => new(body, Encoding.UTF8, "text/plain");
}
