using System.Globalization;

namespace SupportTickets.Configuration;

/// <summary>OPENAI_*: the provider of suggestions.</summary>
/// <param name="ApiKey">OPENAI_API_KEY; null = no AI, everything else works.</param>
/// <param name="Model">OPENAI_CLASSIFY_MODEL.</param>
/// <param name="Timeout">OPENAI_TIMEOUT_SECONDS, for each request.</param>
/// <param name="MaxRetries">OPENAI_MAX_RETRIES.</param>
/// <param name="BaseUrl">OPENAI_BASE_URL; null = the vendor's.</param>
public sealed record TriageSettings(string? ApiKey, string Model, TimeSpan Timeout, int MaxRetries, Uri? BaseUrl)
{
    private const double DefaultTimeoutSeconds = 3.5;

    /// <summary>Leaves out the key, which a record would print.</summary>
    public override string ToString() => $"{Model} {(ApiKey is null ? "off" : "on")}";

    /// <summary>Reads the settings. Invalid timeouts and retries fall back to the default, as in the older system.</summary>
    /// <exception cref="SettingException">OPENAI_BASE_URL is not an http address.</exception>
    public static TriageSettings Read(Func<string, string?> text)
    {
        var isNumber = double.TryParse(
            text("OPENAI_TIMEOUT_SECONDS"), NumberStyles.Float, CultureInfo.InvariantCulture, out var timeout);
        var seconds = isNumber && timeout is >= 0.1 and <= 3600 ? timeout : DefaultTimeoutSeconds;
        var retries = int.TryParse(text("OPENAI_MAX_RETRIES"), NumberStyles.None, CultureInfo.InvariantCulture, out var r) ? r : 0;
        Uri? baseUrl = null;
        if (text("OPENAI_BASE_URL") is { } url
            && (!Uri.TryCreate(url, UriKind.Absolute, out baseUrl) || baseUrl.Scheme is not ("http" or "https")))
            throw new SettingException($"OPENAI_BASE_URL must be an address like https://models.example.com/v1, but is \"{url}\".");
        return new(text("OPENAI_API_KEY"), text("OPENAI_CLASSIFY_MODEL") ?? "gpt-4o-mini", TimeSpan.FromSeconds(seconds), retries, baseUrl);
    }
}
