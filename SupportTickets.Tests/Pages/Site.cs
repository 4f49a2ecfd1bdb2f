using System.Net;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Pages;

/// <summary>The pages as a browser without scripts has them: links followed, forms filled in and sent.</summary>
/// <param name="desk">The desk.</param>
/// <param name="client">Of somebody who signed in; null for somebody who did not.</param>
internal sealed class Site(Desk desk, HttpClient? client = null)
{
    private readonly HttpClient _client = client ?? desk.Client;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Opens an address.</summary>
    public async Task<Answer> GetAsync(string url) => await ReadAsync(await _client.GetAsync(url, Cancel));

    /// <summary>Sends the form that holds a button, as pressing the button does.</summary>
    /// <param name="page">The page with the form.</param>
    /// <param name="button">A selector.</param>
    /// <param name="changes">What is entered before.</param>
    public async Task<Answer> PressAsync(Answer page, string button, params (string Name, string Value)[] changes)
    {
        var (form, url, fields) = Fill(page, button, changes);
        return form.Method == "get"
            ? await GetAsync($"{url}?{await new FormUrlEncodedContent(fields).ReadAsStringAsync(Cancel)}")
            : await PostAsync(url, fields);
    }

    /// <summary>Sends a form with files, which are the last of its fields.</summary>
    public async Task<Answer> PressAsync(
        Answer page, string button, IReadOnlyList<(string Name, byte[] Content)> files, params (string Name, string Value)[] changes)
    {
        var (_, url, fields) = Fill(page, button, changes);
        using var content = new MultipartFormDataContent();
        foreach (var (name, value) in fields) content.Add(new StringContent(value), name);
        foreach (var (name, bytes) in files) content.Add(new ByteArrayContent(bytes), "files", name);
        return await ReadAsync(await _client.PostAsync(url, content, Cancel));
    }

    private static (IHtmlFormElement Form, string Url, KeyValuePair<string, string>[] Fields) Fill(
        Answer page, string button, (string Name, string Value)[] changes)
    {
        var pressed =
            page.Document.QuerySelector<IHtmlButtonElement>(button)
            ?? throw new InvalidOperationException($"No {button} on {page.Document.Title}.");
        var form = pressed.Form!;
        foreach (var (name, value) in changes) Enter(form, name, value);
        var fields = form.Elements.Where(e => e is IHtmlInputElement or IHtmlTextAreaElement or IHtmlSelectElement || e == pressed)
            .Select(e => (Name: e.GetAttribute("name"), Value: ValueOf(e))).Where(f => !string.IsNullOrEmpty(f.Name) && f.Value is not null)
            .Select(f => KeyValuePair.Create(f.Name!, f.Value!));
        return (form, pressed.GetAttribute("formaction") ?? form.GetAttribute("action")!, [.. fields]);
    }

    /// <summary>Sends fields to an address.</summary>
    public async Task<Answer> PostAsync(string url, KeyValuePair<string, string>[] fields, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(fields) };
        if (origin is not null) request.Headers.Add("Origin", origin);
        return await ReadAsync(await _client.SendAsync(request, Cancel));
    }

    private static void Enter(IHtmlFormElement form, string name, string value)
    {
        switch (form.Elements.Single(e => e.GetAttribute("name") == name && e is not IHtmlButtonElement))
        {
            case IHtmlTextAreaElement text: text.Value = value; break;
            case IHtmlInputElement input: input.Value = value; break;
            case IHtmlSelectElement select:
                Assert.Contains(select.Options, o => o.Value == value);
                select.Value = value;
                break;
        }
    }

    // Browsers send line breaks as CR LF.
    private static string? ValueOf(IElement element) => element switch
    {
        IHtmlTextAreaElement text => text.Value.ReplaceLineEndings("\r\n"),
        IHtmlInputElement { Type: "checkbox" or "radio", IsChecked: false } or IHtmlInputElement { Type: "file" } => null,
        IHtmlInputElement input => input.Value,
        IHtmlSelectElement select => select.Value,
        IHtmlButtonElement button => button.GetAttribute("value") ?? "",
        _ => null,
    };

    private static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var html = await response.Content.ReadAsStringAsync(Cancel);
            var document = await BrowsingContext
                .New(AngleSharp.Configuration.Default)
                .OpenAsync(request => request.Content(html), Cancel);
            return new Answer(
                response.StatusCode, document, response.Headers.Location?.ToString(), html,
                response.Headers.TryGetValues("Content-Security-Policy", out var policy) ? policy.Single() : null);
        }
    }
}

/// <summary>A page.</summary>
internal sealed record Answer(HttpStatusCode Status, IDocument Document, string? Location, string Html, string? Policy)
{
    /// <summary>The texts of what a selector finds, white space collapsed.</summary>
    public IReadOnlyList<string> Texts(string selector) =>
        [
            .. Document
                .QuerySelectorAll(selector)
                .Select(e => string.Join(' ', e.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))),
        ];

    /// <summary>The text of the one element that a selector finds.</summary>
    public string Text(string selector) => Assert.Single(Texts(selector));

    /// <summary>The value of a field.</summary>
    public string Value(string name) => Document.QuerySelector($"[name={name}]") switch
    {
        IHtmlTextAreaElement text => text.Value,
        IHtmlInputElement input => input.Value,
        IHtmlSelectElement select => select.Value ?? "",
        _ => throw new InvalidOperationException($"No field {name}."),
    };

    /// <summary>Where a link leads.</summary>
    public string Href(string selector) =>
        Document.QuerySelector(selector)?.GetAttribute("href") ?? throw new InvalidOperationException($"No link {selector}.");
}
