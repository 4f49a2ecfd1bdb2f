using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Submissions;
using SupportTickets.Triage;

namespace SupportTickets.Tests.Tickets;

/// <summary>How a face answered a ticket that came under a key.</summary>
/// <param name="Status">Its HTTP status; a redirect of the pages counts as 201.</param>
/// <param name="Id">The ticket it names; null when it names none.</param>
/// <param name="Words">What it says: the sentence of an error, else the whole body.</param>
internal sealed record KeyedAnswer(HttpStatusCode Status, int? Id, string Words)
{
    /// <summary>The entity tag, where the face has them.</summary>
    public string? ETag { get; init; }
}

/// <summary>Sends tickets under a key, through each face.</summary>
internal static partial class KeyedCalls
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Creates a ticket; a null key is none.</summary>
    public static Task<KeyedAnswer> CreateAsync(this HttpClient client, Face face, string? key, string title = "A title") => face switch
    {
        Face.Rest => ProgramAsync(client, "/api/tickets/", key, name => name, title),
        Face.OData => ProgramAsync(client, "/odata/Tickets", key, name => char.ToUpperInvariant(name[0]) + name[1..], title),
        Face.Pages => PageAsync(client, key, title),
        Face.ODataPut => throw new NotSupportedException("It creates nothing."),
    };

    /// <summary>How much of everything a desk has stored.</summary>
    public static async Task<(int Tickets, int Events, int Submissions, int Results)> StoredAsync(this Desk desk)
    {
        await using var db = desk.Database.Open();
        return (
            await db.Tickets.CountAsync(Cancel), await db.TicketEvents.CountAsync(Cancel), await db.Submissions.CountAsync(Cancel),
            await db.TriageResults.CountAsync(Cancel));
    }

    private static Dictionary<string, string> Fields(string title) =>
        new() { ["title"] = title, ["description"] = "A description", ["category"] = "general", ["priority"] = "low" };

    private static async Task<KeyedAnswer> ProgramAsync(
        HttpClient client, string path, string? key, Func<string, string> spell, string title)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = JsonContent.Create(Fields(title).ToDictionary(f => spell(f.Key), f => f.Value)),
        };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var response = await client.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        var json = JsonNode.Parse(text)!;
        return new(response.StatusCode, IdOf(response), (json["detail"] ?? json["error"]?["message"])?.GetValue<string>() ?? text)
        {
            ETag = response.Headers.ETag?.Tag,
        };
    }

    private static async Task<KeyedAnswer> PageAsync(HttpClient client, string? key, string title)
    {
        var form = new HtmlParser().ParseDocument(await client.GetStringAsync("/tickets/new", Cancel)).QuerySelector("[data-new-ticket]")!;
        var fields = Fields(title);
        fields["__RequestVerificationToken"] = form.QuerySelector("[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        if (key is not null) fields["key"] = key;
        if (form.QuerySelector("[name=requesterEmail][aria-required=true]") is not null)
            (fields["requesterEmail"], fields["requesterName"]) = ("ada@example.com", "Ada");
        using var response = await client.PostAsync("/tickets/new", new FormUrlEncodedContent(fields), Cancel);
        var page = new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync(Cancel));
        return new(
            response.StatusCode == HttpStatusCode.Redirect ? HttpStatusCode.Created : response.StatusCode, IdOf(response),
            page.QuerySelector(".problem")?.TextContent ?? "");
    }

    private static int? IdOf(HttpResponseMessage response) =>
        response.Headers.Location?.ToString() is { } place
            ? int.Parse(LastNumber().Match(place).Value, CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex(@"\d+(?=\D*$)")]
    private static partial Regex LastNumber();
}
