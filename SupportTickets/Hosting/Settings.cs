using System.Globalization;
using SupportTickets.Data;
using SupportTickets.Triage;

namespace SupportTickets.Hosting;

/// <summary>A setting that is present and cannot be meant. Its message is the one sentence that the start ends with.</summary>
public sealed class SettingException(string message) : Exception(message);

/// <summary>Everything that can be set from outside, read once at start. Names, defaults and meanings: README, "Settings".</summary>
public sealed record Settings
{
    /// <summary>DEBUG: development; False is production.</summary>
    public bool Debug { get; private init; }

    /// <summary>SECRET_KEY: protects the key ring at rest; null only in development.</summary>
    public string? SecretKey { get; private init; }

    /// <summary>ALLOWED_HOSTS: host names without port; <c>.example.com</c> takes in its subdomains, <c>*</c> any.</summary>
    public required IReadOnlyList<string> AllowedHosts { get; init; }

    /// <summary>CORS_ALLOWED_ORIGINS: empty in development means any.</summary>
    public required IReadOnlyList<string> CorsAllowedOrigins { get; init; }

    /// <summary>CSRF_TRUSTED_ORIGINS: other origins whose forms are taken.</summary>
    public required IReadOnlyList<string> CsrfTrustedOrigins { get; init; }

    /// <summary>DATABASE_URL or POSTGRES_*: where the data is.</summary>
    public required DatabaseSettings Database { get; init; }

    /// <summary>OPENAI_*: the provider of suggestions.</summary>
    public required TriageSettings Triage { get; init; }

    /// <summary>PORT: listen on every interface at it; null leaves it to --urls, ASPNETCORE_URLS or http://localhost:8000.</summary>
    public int? Port { get; private init; }

    /// <summary>MAX_REQUEST_BYTES: a larger body is refused with 413; 10 MiB by default.</summary>
    public long MaxRequestBytes { get; private init; }

    /// <summary>SECURE_SSL_REDIRECT: send plain HTTP to HTTPS.</summary>
    public bool SecureSslRedirect { get; private init; }

    /// <summary>Reads and checks all settings.</summary>
    /// <exception cref="SettingException">One of them cannot be meant.</exception>
    public static Settings Read(IConfiguration configuration)
    {
        string? Text(string name) => configuration[name] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
        var debug = Flag(Text, "DEBUG", true);
        var cors = List(Text, "CORS_ALLOWED_ORIGINS") ?? [];
        foreach (var origin in cors) CheckOrigin("CORS_ALLOWED_ORIGINS", origin);
        var trusted = List(Text, "CSRF_TRUSTED_ORIGINS") ?? cors;
        foreach (var origin in trusted) CheckOrigin("CSRF_TRUSTED_ORIGINS", origin);
        CheckAccess(Text("ACCESS") ?? (debug ? "open" : "closed"));
        return new Settings
        {
            Debug = debug,
            SecretKey = CheckSecret(Text("SECRET_KEY"), debug),
            AllowedHosts = List(Text, "ALLOWED_HOSTS") ?? ["localhost", "127.0.0.1", "testserver"],
            CorsAllowedOrigins = cors,
            CsrfTrustedOrigins = trusted,
            Database = DatabaseSettings.Read(Text, requireTls: !debug),
            Triage = TriageSettings.Read(Text),
            Port = Whole(Text, "PORT", 1, 65535),
            MaxRequestBytes = Whole(Text, "MAX_REQUEST_BYTES", 1024, int.MaxValue) ?? 10 * 1024 * 1024,
            SecureSslRedirect = Flag(Text, "SECURE_SSL_REDIRECT", !debug),
        };
    }

    /// <summary>A whole number in a range; null when not set.</summary>
    internal static int? Whole(Func<string, string?> text, string name, int min, int max)
    {
        if (text(name) is not { } value) return null;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new SettingException($"{name} must be a whole number from {min} to {max}, but is \"{value}\".");
    }

    private static bool Flag(Func<string, string?> text, string name, bool otherwise) => text(name)?.ToLowerInvariant() switch
    {
        null => otherwise,
        "true" or "1" or "yes" or "on" => true,
        "false" or "0" or "no" or "off" => false,
        var value => throw new SettingException($"{name} must be True or False, but is \"{value}\"."),
    };

    private static string[]? List(Func<string, string?> text, string name) =>
        text(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static void CheckOrigin(string name, string origin)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != origin || uri.Scheme is not ("http" or "https"))
            throw new SettingException($"{name} takes origins like https://desk.example.com, but has \"{origin}\".");
    }

    private static string? CheckSecret(string? secret, bool debug) => secret switch
    {
        { Length: < 32 } => throw new SettingException("SECRET_KEY must have at least 32 characters."),
        null when !debug => throw new SettingException("SECRET_KEY must be set when DEBUG is False: any 32 random characters or more, the same on every instance."),
        _ => secret,
    };

    private static void CheckAccess(string access)
    {
        if (access is "submit" or "closed")
            throw new SettingException($"ACCESS={access} needs sign-in, which this version does not have yet: set ACCESS=open and let only people you trust reach the server.");
        if (access != "open")
            throw new SettingException($"ACCESS must be open, submit or closed, but is \"{access}\".");
    }
}
