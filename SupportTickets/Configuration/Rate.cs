using System.Globalization;

namespace SupportTickets.Configuration;

/// <summary>A rate limit as a token bucket: so many at once, and as many again spread evenly over each window.</summary>
/// <param name="Count">How many times; 1 or more.</param>
/// <param name="Window">The length of the window.</param>
public sealed record Rate(int Count, TimeSpan Window)
{
    private const int MaxCount = 1_000_000;

    private static readonly Dictionary<string, TimeSpan> Windows = new()
    {
        ["s"] = TimeSpan.FromSeconds(1),
        ["min"] = TimeSpan.FromMinutes(1),
        ["h"] = TimeSpan.FromHours(1),
        ["day"] = TimeSpan.FromDays(1),
    };

    /// <summary>Reads a rate such as <c>20/min</c>; <c>0</c> means no limit and gives null.</summary>
    /// <exception cref="SettingException">It is not a rate.</exception>
    internal static Rate? Read(Func<string, string?> text, string name, Rate? otherwise)
    {
        if (text(name) is not { } value) return otherwise;
        if (value == "0") return null;
        return value.Split('/', StringSplitOptions.TrimEntries) is [var count, var unit] && Windows.TryGetValue(unit, out var window)
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MaxCount
            ? new(number, window)
            : throw new SettingException($"{name} must be like 20/min, with 1 to {MaxCount} for each "
                + $"{string.Join(", ", Windows.Keys)}, or 0 for no limit, but is \"{value}\".");
    }
}

/// <summary>RATE_LIMIT_*: the rate limits; null where there is none, which is the default on an open desk.</summary>
/// <param name="SignIn">RATE_LIMIT_SIGN_IN: attempts to sign in or to use a link, from one address.</param>
/// <param name="Anonymous">RATE_LIMIT_ANONYMOUS: tickets, files and suggestions without a credential, from one address.</param>
/// <param name="Api">RATE_LIMIT_API: requests to REST and OData by one token, one person or, without either, one address.</param>
public sealed record Rates(Rate? SignIn, Rate? Anonymous, Rate? Api)
{
    /// <summary>Reads the rate limits.</summary>
    /// <exception cref="SettingException">One of them is not a rate.</exception>
    internal static Rates Read(Func<string, string?> text, AccessMode mode)
    {
        Rate? A(string name, int perMinute) =>
            Rate.Read(text, name, mode is AccessMode.open ? null : new(perMinute, TimeSpan.FromMinutes(1)));
        return new(A("RATE_LIMIT_SIGN_IN", 20), A("RATE_LIMIT_ANONYMOUS", 30), A("RATE_LIMIT_API", 1200));
    }
}
