using System.Globalization;

namespace SupportTickets.Configuration;

/// <summary>How often something may be done: so many times at once, and as many again spread over each window.</summary>
/// <param name="Count">How many times; 1 or more.</param>
/// <param name="Window">Over what time.</param>
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

    /// <summary>Reads one: <c>20/min</c>; <c>0</c> is no limit, null.</summary>
    /// <exception cref="SettingException">It cannot be meant.</exception>
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

/// <summary>RATE_LIMIT_*: how often somebody may ask; null where nothing is limited, which on an open desk is the default.</summary>
/// <param name="SignIn">RATE_LIMIT_SIGN_IN: attempts to get in from one address.</param>
/// <param name="Anonymous">RATE_LIMIT_ANONYMOUS: tickets sent in and suggestions asked for without a credential, from one address.</param>
/// <param name="Api">RATE_LIMIT_API: requests to REST and OData by one token, one person or, without either, one address.</param>
public sealed record Rates(Rate? SignIn, Rate? Anonymous, Rate? Api)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="SettingException">One cannot be meant.</exception>
    internal static Rates Read(Func<string, string?> text, AccessMode mode)
    {
        Rate? A(string name, int perMinute) =>
            Rate.Read(text, name, mode is AccessMode.open ? null : new(perMinute, TimeSpan.FromMinutes(1)));
        return new(A("RATE_LIMIT_SIGN_IN", 20), A("RATE_LIMIT_ANONYMOUS", 30), A("RATE_LIMIT_API", 1200));
    }
}
