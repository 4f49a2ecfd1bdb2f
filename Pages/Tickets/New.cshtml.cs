using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Access.Limits;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Http;
using SupportTickets.Pages.Shared;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Attachments;
using SupportTickets.Tickets.Submissions;
using SupportTickets.Triage;
using SupportTickets.Triage.BuiltIn;
using SupportTickets.Views;

namespace SupportTickets.Pages.Tickets;

/// <summary>The form for a new ticket.</summary>
[RequiresRight(Right.submit), TakesFiles]
public sealed class NewModel(
    TicketWithFiles create, Uploads uploads, TriageService triage, Configuration.Settings settings) : PageModel
{
    private const string KeyField = "key";

    /// <summary>The form as typed.</summary>
    public TicketForm Form { get; private set; } = TicketForm.Empty;

    /// <summary>The suggestions so far.</summary>
    public Suggestions Suggested { get; private set; } = Suggestions.None;

    /// <summary>The errors in the form.</summary>
    public IReadOnlyList<FieldError> Errors { get; private set; } = [];

    /// <summary>The idempotency key of this form, so that sending it again does not create a second ticket.</summary>
    public string Key { get; private set; } = IdempotencyKey.Random();

    /// <summary>The files that came with the form, or were uploaded before.</summary>
    public PostedUploads Files { get; private set; } = PostedUploads.None;

    /// <summary>What is wrong with the files, or with the form as a whole; null when nothing is.</summary>
    public string? Trouble { get; private set; }

    /// <summary>The heading above <see cref="Trouble"/>.</summary>
    public string TroubleHeading { get; private set; } = "Nothing was sent";

    /// <summary>Why the form was refused although its fields are valid; null when it was not.</summary>
    public SubmissionRefused? Refused { get; private set; }

    /// <summary>The receipt for a ticket that was just sent by a caller who may not read it; null when there is none.</summary>
    [BindProperty(SupportsGet = true)]
    public int? Sent { get; set; }

    /// <summary>Whether something was refused.</summary>
    public bool HasFailed => Errors.Count > 0 || Refused is not null || Trouble is not null;

    /// <summary>Whether a suggested title is offered next to the one that the person typed.</summary>
    public bool OffersTitle => Suggested.Title.Length > 0 && Form.Title != Suggested.Title;

    /// <summary>The hint for the description: what to write, and what is made of it.</summary>
    public string DescriptionHint => "What you did, what you expected, and what happened instead."
        + (triage.IsOn ? " Title, category and priority are suggested from it." : "");

    /// <summary>Whether category and priority can be suggested.</summary>
    public bool CanClassify => triage.IsOn;

    /// <summary>Whether a suggested category or priority is still in the form, so that it says who suggested it.</summary>
    public bool ShowsSource => Suggested.Source.Length > 0
        && ((Suggested.Category.Length > 0 && Form.Category == Suggested.Category)
            || (Suggested.Priority.Length > 0 && Form.Priority == Suggested.Priority));

    /// <summary>Whether category and priority were asked for, and nobody is sure of either.</summary>
    public bool IsUnsure { get; private set; }

    /// <summary>Whether the form asks who asks for help.</summary>
    public bool AsksRequester => settings.AskRequester != RequesterQuestion.no;

    /// <summary>Whether the caller must say who they are.</summary>
    public bool NeedsRequester => settings.AskRequester == RequesterQuestion.required && !HttpContext.Caller().IsKnown;

    private bool WantsJson => Request.WantsJson();

    /// <summary>
    /// Reads the form, and refuses it where that is no matter of its fields: without a credential, so many tickets are taken and no more.
    /// It comes back with the typed text.
    /// </summary>
    [NonHandler] // otherwise its name would make it the handler of a method PAGE
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (HttpMethods.IsPost(Request.Method))
        {
            await ReadFormAsync(HttpContext.RequestAborted);
            var limits = HttpContext.RequestServices.GetRequiredService<RateLimits>();
            var fault = limits.OnSubmit(HttpContext, HttpContext.Caller());
            if ((fault is null ? Files.Refused : new FormRefused(fault)) is { } refused)
            {
                context.Result = Troubled(refused);
                return;
            }
        }
        await next();
    }

    /// <summary>
    /// Creates the ticket, then shows it. The script, which asks for JSON, gets the address instead; errors are a page for both.
    /// </summary>
    [KeepsForm]
    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var caller = HttpContext.Caller();
        if (Unsaid() is { Count: > 0 } unsaid)
        {
            var others = TicketValidator.Create(Form.ToInput()).Problem as InvalidInput;
            return Rejected(new InvalidInput([.. others?.Errors ?? [], .. unsaid]));
        }
        // A page of another trusted origin sends no key.
        var key = TicketForm.Text(Request.Form, KeyField) is { } text ? new IdempotencyKey(text, caller.SubmissionScope) : null;
        var (input, origin) = (Form.ToInput(), caller.Origin(Channel.web));
        return caller.May(Right.read)
            ? Answer(await create.HandleAsync(input, origin, Suggested.Seen, key, Files.Files, cancel), t => $"/tickets/{t.Id}")
            : Answer(await create.HandInAsync(input, origin, Suggested.Seen, key, Files.Files, cancel), r => $"/tickets/new?sent={r.Id}");
    }

    /// <summary>Suggests a title: fills an empty field, or one that still has the last suggestion; else offers it.</summary>
    [KeepsForm]
    public async Task<IActionResult> OnPostTitleAsync(CancellationToken cancel)
    {
        if (!TicketValidator.Description(Supplied.OfForm(Form.Description)).Succeeded(out var description, out var problem))
            return WantsJson ? Sentence(problem) : Rejected(problem);
        var suggestion = await triage.SuggestTitleAsync(description, cancel);
        if (WantsJson)
            return new JsonResult(new { title = suggestion.Title, id = suggestion.SuggestionId });
        if (Untouched(Form.Title, Suggested.Title))
            Form = Form with { Title = suggestion.Title };
        Suggested = Suggested with { Title = suggestion.Title, TitleId = suggestion.SuggestionId };
        return Page();
    }

    /// <summary>Takes the offered title: the person asked for it.</summary>
    [KeepsForm]
    public IActionResult OnPostTakeTitle()
    {
        Form = Form with { Title = Suggested.Title };
        return Page();
    }

    /// <summary>Suggests category and priority, each unless the person chose one or nobody is sure enough.</summary>
    [KeepsForm]
    public async Task<IActionResult> OnPostClassifyAsync(CancellationToken cancel)
    {
        if (!TicketValidator.Description(Supplied.OfForm(Form.Description)).Succeeded(out var description, out var problem))
            return WantsJson ? Sentence(problem) : Rejected(problem);
        var suggestion = await triage.ClassifyAsync(description, cancel);
        var (category, priority) = (suggestion.SureCategory?.ToString() ?? "", suggestion.SurePriority?.ToString() ?? "");
        var source = SourceOf(suggestion);
        if (WantsJson)
            return new JsonResult(new { category, priority, id = suggestion.SuggestionId, source });
        IsUnsure = category.Length == 0 && priority.Length == 0;
        if (Untouched(Form.Category, Suggested.Category))
            Form = Form with { Category = category };
        if (Untouched(Form.Priority, Suggested.Priority))
            Form = Form with { Priority = priority };
        Suggested = Suggested with
        {
            Category = category,
            Priority = priority,
            ClassificationId = suggestion.SuggestionId,
            Source = source,
        };
        return Page();
    }

    /// <summary>The message for a field that the rules call by this name; null when nothing is wrong with it.</summary>
    public string? ErrorOf(string field) => Errors.Where(e => e.Field == field).Select(Words.Of).FirstOrDefault();

    // What a caller must say of themselves and did not. The rules of the core speak where one of the two is there.
    private List<FieldError> Unsaid() =>
        NeedsRequester && string.IsNullOrWhiteSpace(Form.RequesterEmail) && string.IsNullOrWhiteSpace(Form.RequesterName)
            ? [
                new("requester_email", FieldErrorCode.Required, "This field is required."),
                new("requester_name", FieldErrorCode.Blank, "This field may not be blank."),
            ]
            : [];

    // In words: the names of models come from outside, and are shown as they are.
    private static string SourceOf(Classification suggestion) => suggestion switch
    {
        { SureCategory: null, SurePriority: null } or { Source: null } => "",
        { Source: BuiltInTriage.Name } => "the built-in model",
        { Source: var model } => model,
    };

    private static bool Untouched(string? value, string suggested) => string.IsNullOrWhiteSpace(value) || value == suggested;

    private async Task ReadFormAsync(CancellationToken cancel)
    {
        // The form has no status and no assignee: any such values in a post are ignored.
        Form = TicketForm.Read(Request.Form) with { Status = null, Assignee = null };
        if (!AsksRequester)
            Form = Form with { RequesterName = null, RequesterEmail = null };
        Suggested = Suggestions.Read(Request.Form);
        Key = TicketForm.Text(Request.Form, KeyField) ?? Key;
        Files = await uploads.ReadAsync(HttpContext, null, cancel);
    }

    private IActionResult Answer<T>(Result<T> result, Func<T, string> placeOf)
    {
        if (!result.Succeeded(out var taken, out var problem))
        {
            return problem switch
            {
                SubmissionRefused refused => Again(refused),
                InvalidInput => Rejected(problem),
                _ => Troubled(problem),
            };
        }
        var place = placeOf(taken);
        return WantsJson ? new JsonResult(new { place }) : Redirect(place);
    }

    private PageResult Rejected(Problem problem)
    {
        // In the order of the form, where the description comes first.
        Errors = [.. ((InvalidInput)problem).Errors.OrderBy(e => e.Field != "description")];
        return new PageResult { StatusCode = StatusCodes.Status422UnprocessableEntity };
    }

    private IActionResult Troubled(Problem problem)
    {
        var status = CommentDraft.StatusOf(problem);
        Trouble = FileWords.Of(problem);
        if (problem is FormRefused refused) Response.SetRetryAfter(refused.Fault);
        if (status == StatusCodes.Status429TooManyRequests) TroubleHeading = FaultPage.Heading(status);
        return WantsJson && Request.Query.ContainsKey("handler")
            ? new JsonResult(new { error = Trouble }) { StatusCode = status }
            : new PageResult { StatusCode = status };
    }

    // With a new key, because pressing the button again is meant to create another ticket.
    private PageResult Again(SubmissionRefused refused)
    {
        (Refused, Key) = (refused, IdempotencyKey.Random());
        return new PageResult { StatusCode = IdempotencyHeader.Refusal(refused).Status };
    }

    private static JsonResult Sentence(Problem problem) =>
        new(new { error = Words.Of(((InvalidInput)problem).Errors[0]) }) { StatusCode = StatusCodes.Status422UnprocessableEntity };
}

/// <summary>The suggestions made while a form was filled in, kept in its hidden fields; empty where there was none.</summary>
public sealed record Suggestions(string Title, string Category, string Priority, Guid? TitleId, Guid? ClassificationId)
{
    /// <summary>No suggestions.</summary>
    public static readonly Suggestions None = new("", "", "", null, null);

    /// <summary>Who suggested category and priority; empty when nobody did.</summary>
    public string Source { get; init; } = "";

    /// <summary>The suggestions for the core.</summary>
    public SeenSuggestions Seen => new(ClassificationId, TitleId);

    /// <summary>Reads a post.</summary>
    public static Suggestions Read(IFormCollection form)
    {
        return new(
            Text("suggestedTitle"), Text("suggestedCategory"), Text("suggestedPriority"), Id("titleSuggestion"), Id("classification"))
        {
            Source = Text("suggestedBy"),
        };

        string Text(string name) => TicketForm.Text(form, name) ?? "";
        Guid? Id(string name) => Guid.TryParse(Text(name), out var id) ? id : null;
    }
}
