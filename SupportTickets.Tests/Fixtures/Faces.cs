using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;

namespace SupportTickets.Tests.Fixtures;

/// <summary>The ways to write a ticket.</summary>
public enum Face
{
    Rest,
    OData,
    /// <summary>PUT of a whole ticket: what is not changed is sent as it was read. Creates nothing.</summary>
    ODataPut,
    Pages,
}

/// <summary>How a face took a write.</summary>
/// <param name="Status">Its HTTP status.</param>
/// <param name="Errors">What it says about each field, by the field's REST name.</param>
public sealed record Taken(HttpStatusCode Status, IReadOnlyDictionary<string, string> Errors);

/// <summary>Writes tickets through each face in that face's own format, so that one theory can hold all three to one rule.</summary>
public static class Faces
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Creates a ticket. Fields have their REST names; a null stands for null where the format has one.</summary>
    public static Task<Taken> CreateAsync(this Desk desk, Face face, IReadOnlyDictionary<string, object?> fields) => face switch
    {
        Face.Rest => RestAsync(desk, HttpMethod.Post, "/api/tickets/", fields),
        Face.OData => ODataAsync(desk, HttpMethod.Post, "/odata/Tickets", fields),
        Face.ODataPut => throw new NotSupportedException("The desk gives the keys, so no PUT creates."),
        Face.Pages => PagesAsync(desk, "/tickets/new", fields),
    };

    /// <summary>Changes a ticket.</summary>
    public static Task<Taken> ChangeAsync(this Desk desk, Face face, int id, IReadOnlyDictionary<string, object?> fields) => face switch
    {
        Face.Rest => RestAsync(desk, HttpMethod.Patch, $"/api/tickets/{id}/", fields),
        Face.OData => ODataAsync(desk, HttpMethod.Patch, $"/odata/Tickets({id})", fields),
        Face.ODataPut => ReplaceAsync(desk, $"/odata/Tickets({id})", fields),
        Face.Pages => PagesAsync(desk, $"/tickets/{id}/edit", fields),
    };

    private static async Task<Taken> RestAsync(Desk desk, HttpMethod method, string path, IReadOnlyDictionary<string, object?> fields)
    {
        var (status, answer) = await SendAsync(desk, method, path, fields, name => name);
        var errors =
            status == HttpStatusCode.BadRequest
                ? answer!.AsObject().ToDictionary(field => field.Key, field => field.Value![0]!.GetValue<string>())
                : [];
        return new(status, errors);
    }

    private static async Task<Taken> ODataAsync(Desk desk, HttpMethod method, string path, IReadOnlyDictionary<string, object?> fields)
    {
        var (status, answer) = await SendAsync(
            desk, method, path, fields, name => name == "assignee" ? "AssigneeId" : char.ToUpperInvariant(name[0]) + name[1..]);
        var errors =
            status == HttpStatusCode.BadRequest
                ? answer!["error"]!["details"]!
                    .AsArray()
                    .ToDictionary(
                        detail => detail!["target"]!.GetValue<string>().ToLowerInvariant().Replace("assigneeid", "assignee"),
                        detail => detail!["message"]!.GetValue<string>())
            : [];
        return new(status, errors);
    }

    private static async Task<Taken> ReplaceAsync(Desk desk, string path, IReadOnlyDictionary<string, object?> fields)
    {
        var read = JsonNode.Parse(await desk.Client.GetStringAsync(path, TestContext.Current.CancellationToken))!.AsObject();
        var whole = read.ToDictionary(
            property => property.Key == "AssigneeId" ? "assignee" : char.ToLowerInvariant(property.Key[0]) + property.Key[1..],
            property => (object?)property.Value);
        foreach (var (name, value) in fields)
            whole[name] = value;
        return await ODataAsync(desk, HttpMethod.Put, path, whole);
    }

    private static async Task<(HttpStatusCode Status, JsonNode? Answer)> SendAsync(
        Desk desk, HttpMethod method, string path, IReadOnlyDictionary<string, object?> fields, Func<string, string> spell)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = JsonContent.Create(fields.ToDictionary(field => spell(field.Key), field => field.Value), options: Json),
        };
        using var response = await desk.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.Length > 0 ? JsonNode.Parse(text) : null);
    }

    // As a browser does it: the form is fetched, what is not in the fields stays as it stands there, all of it is posted.
    private static async Task<Taken> PagesAsync(Desk desk, string path, IReadOnlyDictionary<string, object?> fields)
    {
        var cancel = TestContext.Current.CancellationToken;
        var form = new HtmlParser()
            .ParseDocument(await desk.Client.GetStringAsync(path, cancel))
            .QuerySelector("form[method=post]:has([name=description])")!;
        var values = form.QuerySelectorAll("input[name], textarea[name], select[name]")
            .ToDictionary(
            control => control.GetAttribute("name")!,
            control => control switch
            {
                AngleSharp.Html.Dom.IHtmlSelectElement select => select.Value ?? "",
                AngleSharp.Html.Dom.IHtmlTextAreaElement area => area.Value,
                _ => control.GetAttribute("value") ?? "",
            });
        foreach (var (name, value) in fields)
            values[name] = value?.ToString() ?? "";
        using var response = await desk.Client.PostAsync(path, new FormUrlEncodedContent(values), cancel);
        var page = new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync(cancel));
        // The error at each field; the summary at the top must have the same words.
        var errors = page.QuerySelectorAll("[aria-invalid=true]").ToDictionary(
            control => control.GetAttribute("name")!,
            control => page.GetElementById($"{control.GetAttribute("name")}-error")!
                .TextContent.Replace("Error: ", "", StringComparison.Ordinal)
                .Trim());
        foreach (var (field, message) in errors)
            Assert.Equal(message, page.QuerySelector($"a[href='#{field}']")?.TextContent.Trim());
        return new(response.StatusCode == HttpStatusCode.Redirect ? HttpStatusCode.OK : response.StatusCode, errors);
    }
}
