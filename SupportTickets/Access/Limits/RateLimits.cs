using System.Threading.RateLimiting;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Http;

namespace SupportTickets.Access.Limits;

/// <summary>
/// Counts requests and refuses those over a limit. The counts are in the memory of this instance. The reasons, and what that means
/// for several instances: docs/decisions/0019-rate-limits.md.
/// </summary>
internal sealed class RateLimits(Settings settings, AddressBuckets buckets) : IDisposable
{
    private readonly PartitionedRateLimiter<Key>? _signIn = Limiter(settings.Rates.SignIn);
    private readonly PartitionedRateLimiter<Key>? _anonymous = Limiter(settings.Rates.Anonymous);
    private readonly PartitionedRateLimiter<Key>? _api = Limiter(settings.Rates.Api);

    private enum KeyKind
    {
        Address,
        Person,
        Token,
    }

    /// <summary>Whether attempts at an endpoint are counted.</summary>
    public static bool LimitsGuesses(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<LimitsGuessesAttribute>() is not null;

    /// <summary>Counts a request by the kind of its endpoint; null when it is within the limit.</summary>
    /// <param name="context">The request, routed.</param>
    /// <param name="caller">Who sends it; null when the credential is wrong.</param>
    public Fault? OnRequest(HttpContext context, Caller? caller)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        var method = context.Request.Method;
        if (metadata?.GetMetadata<LimitsGuessesAttribute>() is { } guesses && (guesses.AtGet || !AccessRules.IsRead(method)))
            return Take(_signIn, KeyOfAddress(context));
        if (Faces.IsPage(context))
            return null; // the form of a ticket counts by itself, so that it can keep the text that was typed
        if (OnApi(context, caller) is { } refused)
            return refused;
        var isSubmission = !AccessRules.IsRead(method) && metadata?.GetMetadata<RequiresRightAttribute>()?.For(method) is Right.submit;
        return caller is not null && isSubmission ? OnSubmit(context, caller) : null;
    }

    /// <summary>Counts a request to REST or OData, or a part of a batch; null when it is within the limit.</summary>
    public Fault? OnApi(HttpContext context, Caller? caller) => Take(_api, KeyOf(context, caller));

    /// <summary>Counts a new ticket, a file or a request for a suggestion without a credential; null when it is within the limit.</summary>
    public Fault? OnSubmit(HttpContext context, Caller caller) => caller.IsKnown ? null : Take(_anonymous, KeyOfAddress(context));

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var limiter in new[] { _signIn, _anonymous, _api })
            limiter?.Dispose();
    }

    // Null for the desk itself, which is not limited. All sessions of a person share one count.
    private Key? KeyOf(HttpContext context, Caller? caller) => caller switch
    {
        { TokenId: { } token } => new(KeyKind.Token, token),
        { PersonId: { } person } => new(KeyKind.Person, person),
        { IsKnown: true } => null,
        _ => KeyOfAddress(context),
    };

    private Key KeyOfAddress(HttpContext context) => new(KeyKind.Address, buckets.Of(context.Connection.RemoteIpAddress));

    private static Fault? Take(PartitionedRateLimiter<Key>? limiter, Key? key)
    {
        if (limiter is null || key is not { } known)
            return null;
        using var lease = limiter.AttemptAcquire(known);
        if (lease.IsAcquired)
            return null;
        var seconds = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? (int)Math.Ceiling(wait.TotalSeconds) : 1;
        return Fault.TooManyRequests(seconds);
    }

    // A token bucket that fills up evenly: a refused caller waits for one share of the window, not for the whole window.
    private static PartitionedRateLimiter<Key>? Limiter(Rate? rate) => rate is null
        ? null
        : PartitionedRateLimiter.Create<Key, Key>(key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new()
        {
            TokenLimit = rate.Count,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = rate.Window / rate.Count,
            QueueLimit = 0,
        }));

    private readonly record struct Key(KeyKind Kind, int Id);
}
