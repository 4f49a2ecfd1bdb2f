using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using SupportTickets.Configuration;

namespace SupportTickets.Triage;

/// <summary>The result of a question to the provider.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Value">What was answered; null unless <see cref="TriageOutcome.Answered"/>.</param>
/// <param name="Model">The model that answered, else "fallback".</param>
/// <param name="Duration">How long it took.</param>
/// <param name="InputTokens">Tokens of the question; 0 when unknown.</param>
/// <param name="OutputTokens">Tokens of the answer; 0 when unknown.</param>
public sealed record Answer<T>(
    TriageOutcome Outcome, T? Value, string Model, TimeSpan Duration, int InputTokens, int OutputTokens) where T : class;

/// <summary>
/// Calls the provider of suggestions through its SDK, with a time limit and a circuit breaker. Every failure becomes a
/// <see cref="TriageOutcome"/>.
/// </summary>
public sealed class TriageProvider(TriageSettings settings, IHttpClientFactory http, TimeProvider clock, ILogger<TriageProvider> log)
{
    /// <summary>The name of its HTTP client.</summary>
    public const string HttpClientName = "triage";

    private const string FallbackModel = "fallback";
    private const int MaxModelLength = 200;

    private readonly CircuitBreaker _breaker = new(clock);
    private readonly ChatClient? _client = settings.ApiKey is { } key ? Connect(key, settings, http, clock) : null;

    /// <summary>Whether a key is set.</summary>
    public bool IsSet => _client is not null;

    /// <summary>How long the provider is not asked because it is down; zero when it may be asked now.</summary>
    public TimeSpan Pause => _breaker.Remaining;

    /// <summary>The longest that one question takes with all its retries.</summary>
    public TimeSpan Limit { get; } = LimitOf(settings);

    /// <summary>Asks the provider a question.</summary>
    /// <param name="question">What to ask.</param>
    /// <param name="text">The user message: the ticket's text as JSON.</param>
    /// <param name="cancel">The caller went away, which does not count as a failure of the provider.</param>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    /// <exception cref="InvalidOperationException">No key is set.</exception>
    public async Task<Answer<T>> AskAsync<T>(TriageQuestion<T> question, string text, CancellationToken cancel) where T : class
    {
        var client = _client ?? throw new InvalidOperationException("No provider of suggestions is set.");
        using var call = _breaker.TryEnter();
        if (call is null)
            return new(TriageOutcome.Skipped, null, FallbackModel, TimeSpan.Zero, 0, 0);

        var started = clock.GetTimestamp();
        ChatCompletion? completion = null;
        T? value = null;
        TriageOutcome outcome;
        var isDown = false;
        try
        {
            using var limit = new CancellationTokenSource(Limit, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
            ChatMessage[] messages = [new SystemChatMessage(question.Instructions), new UserChatMessage(text)];
            completion = await client.CompleteChatAsync(messages, Options(question), either.Token);
            value = completion.Refusal is null ? question.Read(string.Concat(completion.Content.Select(part => part.Text))) : null;
            outcome = value is null ? TriageOutcome.Invalid : TriageOutcome.Answered;
        }
        // Every exception: the SDK does not list what it throws on an unexpected answer, and none may reach the person who writes a ticket.
        catch (Exception error)
        {
            cancel.ThrowIfCancellationRequested();
            outcome = OutcomeOf(error);
            isDown = outcome != TriageOutcome.Invalid && !IsAboutThisText(error);
            log.LogWarning("The provider of suggestions gave no usable answer to {Task}: {Outcome}, {Reason}",
                question.Task, outcome, ReasonOf(error));
        }
        if (isDown)
            call.Failed(timedOut: outcome == TriageOutcome.TimedOut);
        else
            call.Answered();
        var model = value is null ? FallbackModel : Storable(completion?.Model) ?? Storable(settings.Model) ?? "unknown";
        var (usage, duration) = (completion?.Usage, clock.GetElapsedTime(started));
        return new(outcome, value, model, duration, usage?.InputTokenCount ?? 0, usage?.OutputTokenCount ?? 0);
    }

    private static ChatClient Connect(string key, TriageSettings settings, IHttpClientFactory http, TimeProvider clock)
    {
        var options = new OpenAIClientOptions
        {
            NetworkTimeout = settings.Timeout,
            RetryPolicy = new BoundedRetryPolicy(settings.MaxRetries, clock),
            Transport = new HttpClientPipelineTransport(http.CreateClient(HttpClientName)),
        };
        if (settings.BaseUrl is { } url)
            options.Endpoint = new Uri(url.AbsoluteUri.TrimEnd('/'));
        return new ChatClient(settings.Model, new ApiKeyCredential(key), options);
    }

    private static ChatCompletionOptions Options<T>(TriageQuestion<T> question) where T : class => new()
    {
        Temperature = 0,
        MaxOutputTokenCount = question.MaxOutputTokens,
        ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(question.Task.ToString(), question.Schema, jsonSchemaIsStrict: true),
    };

    private static TimeSpan LimitOf(TriageSettings settings)
    {
        var seconds = settings.Timeout.TotalSeconds * (settings.MaxRetries + 1.0)
            + BoundedRetryPolicy.LongestDelay.TotalSeconds * settings.MaxRetries;
        return TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(1).TotalSeconds));
    }

    private static TriageOutcome OutcomeOf(Exception error) => error switch
    {
        AggregateException { InnerExceptions: [.., var last] } => OutcomeOf(last), // one for each try
        OperationCanceledException => TriageOutcome.TimedOut,
        ClientResultException { Status: 0, InnerException: { } inner } => OutcomeOf(inner),
        ClientResultException { Status: StatusCodes.Status408RequestTimeout or StatusCodes.Status429TooManyRequests } =>
            TriageOutcome.Unavailable,
        ClientResultException { Status: >= 400 and < 500 } => TriageOutcome.Refused,
        ClientResultException { Status: >= 200 and < 300 } => TriageOutcome.Invalid,
        ClientResultException or HttpRequestException or IOException => TriageOutcome.Unavailable,
        _ => TriageOutcome.Invalid,
    };

    // The message of an HTTP error repeats the body, which may repeat the ticket; the other messages come from the platform.
    private static string ReasonOf(Exception error) => error switch
    {
        AggregateException { InnerExceptions: [.., var last] } => ReasonOf(last),
        ClientResultException { Status: > 0 } answer => $"HTTP {answer.Status}",
        ClientResultException { InnerException: { } inner } => ReasonOf(inner),
        OperationCanceledException => "no answer in time",
        HttpRequestException or IOException => error.Message,
        _ => error.GetType().Name,
    };

    // The text is too long or against the provider's rules: the next ticket may still be sent. A wrong key or model affects all tickets.
    private static bool IsAboutThisText(Exception error) => error is ClientResultException
    {
        Status: StatusCodes.Status400BadRequest or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status422UnprocessableEntity,
    };

    // The name of the model comes from outside. A strange one must not keep the ticket from being stored.
    private static string? Storable(string? model) =>
        string.IsNullOrWhiteSpace(model) || model.Length > MaxModelLength || model.Any(c => char.IsControl(c) || char.IsSurrogate(c))
            ? null
            : model;
}
