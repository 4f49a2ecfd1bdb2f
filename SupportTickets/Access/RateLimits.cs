using System.Threading.RateLimiting;
using SupportTickets.Configuration;
using SupportTickets.Core;
using SupportTickets.Http;

namespace SupportTickets.Access;

/// <summary>
/// States that an endpoint lets somebody try what they do not know: a password, the code of a link. Attempts count to
/// RATE_LIMIT_SIGN_IN of their address before anything is looked at.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LimitsGuessesAttribute : Attribute
{
    /// <summary>To open the page is an attempt, too: the code is in its address.</summary>
    public bool AtGet { get; init; }
}

/// <summary>
/// Counts requests and says which are too many. In the memory of this instance: why, and what it means for several, is in
/// docs/decisions/0019-rate-limits.md.
/// </summary>
internal sealed class RateLimits(Settings settings, AddressPlaces places) : IDisposable
{
    private readonly PartitionedRateLimiter<Holder>? _signIn = Limiter(settings.Rates.SignIn);
    private readonly PartitionedRateLimiter<Holder>? _anonymous = Limiter(settings.Rates.Anonymous);
    private readonly PartitionedRateLimiter<Holder>? _api = Limiter(settings.Rates.Api);

    private enum HolderKind
    {
        Address,
        Person,
        Token,
    }

    /// <summary>Whether attempts at an endpoint are counted.</summary>
    public static bool LimitsGuesses(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<LimitsGuessesAttribute>() is not null;

    /// <summary>Counts a request by what its endpoint is for; null when it may go on.</summary>
    /// <param name="context">The request, routed.</param>
    /// <param name="caller">Who sends it; null when the credential is wrong.</param>
    public Fault? OnRequest(HttpContext context, Caller? caller)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        var method = context.Request.Method;
        if (metadata?.GetMetadata<LimitsGuessesAttribute>() is { } guesses && (guesses.AtGet || !AccessRules.IsRead(method)))
            return Take(_signIn, AddressOf(context));
        if (Faces.IsPage(context))
            return null; // the form of a ticket asks by itself, so that it can keep what was typed
        if (OnApi(context, caller) is { } refused)
            return refused;
        return caller is not null && !AccessRules.IsRead(method) && metadata?.GetMetadata<RequiresRightAttribute>()?.For(method) is Right.submit ? OnSubmit(context, caller) : null;
    }

    /// <summary>Counts a request to REST or OData, or a part of a batch; null when it may go on.</summary>
    public Fault? OnApi(HttpContext context, Caller? caller) => Take(_api, HolderOf(context, caller));

    /// <summary>Counts a ticket sent in, or a suggestion asked for, when it is without a credential; null when it may go on.</summary>
    public Fault? OnSubmit(HttpContext context, Caller caller) => caller.IsKnown ? null : Take(_anonymous, AddressOf(context));

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var limiter in new[] { _signIn, _anonymous, _api })
            limiter?.Dispose();
    }

    // Null for the desk itself, which is not limited. Sessions of a person count together: they have nothing that tells them apart.
    private Holder? HolderOf(HttpContext context, Caller? caller) => caller switch
    {
        { TokenId: { } token } => new(HolderKind.Token, token),
        { PersonId: { } person } => new(HolderKind.Person, person),
        { IsKnown: true } => null,
        _ => AddressOf(context),
    };

    private Holder AddressOf(HttpContext context) => new(HolderKind.Address, places.Of(context.Connection.RemoteIpAddress));

    private static Fault? Take(PartitionedRateLimiter<Holder>? limiter, Holder? holder)
    {
        if (limiter is null || holder is not { } known)
            return null;
        using var lease = limiter.AttemptAcquire(known);
        if (lease.IsAcquired)
            return null;
        return Fault.TooManyRequests(lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? (int)Math.Ceiling(wait.TotalSeconds) : 1);
    }

    // A bucket that fills up again evenly: who was stopped goes on after one share of the window, not after all of it.
    private static PartitionedRateLimiter<Holder>? Limiter(Rate? rate) => rate is null ? null : PartitionedRateLimiter.Create<Holder, Holder>(
        holder => RateLimitPartition.GetTokenBucketLimiter(holder, _ => new()
        {
            TokenLimit = rate.Count,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = rate.Window / rate.Count,
            QueueLimit = 0,
        }));

    private readonly record struct Holder(HolderKind Kind, int Id);
}
