using System.Globalization;

namespace SupportTickets.Configuration;

/// <summary>Everything that can be set from outside, read once at start. Names, defaults and meanings: README, "Settings".</summary>
public sealed record Settings
{
    /// <summary>DEBUG: development; False is production.</summary>
    public bool Debug { get; private init; }

    /// <summary>SECRET_KEY: protects the key ring at rest; null only in development.</summary>
    public string? SecretKey { get; private init; }

    /// <summary>ALLOWED_HOSTS: host names without port, in ASCII; <c>.example.com</c> includes its subdomains, <c>*</c> any.</summary>
    public required IReadOnlyList<string> AllowedHosts { get; init; }

    /// <summary>CORS_ALLOWED_ORIGINS: empty in development means any.</summary>
    public required IReadOnlyList<string> CorsAllowedOrigins { get; init; }

    /// <summary>CSRF_TRUSTED_ORIGINS: other origins whose forms are taken.</summary>
    public required IReadOnlyList<string> CsrfTrustedOrigins { get; init; }

    /// <summary>DATABASE_URL or POSTGRES_*: where the data is.</summary>
    public required DatabaseSettings Database { get; init; }

    /// <summary>OPENAI_*: the provider of suggestions.</summary>
    public required TriageSettings Triage { get; init; }

    /// <summary>ODATA_*: how much one request to the feed may ask for.</summary>
    public required FeedLimits Feed { get; init; }

    /// <summary>PORT: listen on every interface at it; null leaves it to --urls, ASPNETCORE_URLS or http://localhost:8000.</summary>
    public int? Port { get; private init; }

    /// <summary>ACCESS: what callers without a credential may do; open in development, closed in production unless set.</summary>
    public AccessMode Access { get; private init; }

    /// <summary>ASK_REQUESTER: whether the form asks who asks for help; required with ACCESS=submit, else optional, unless set.</summary>
    public RequesterQuestion AskRequester { get; private init; }

    /// <summary>RATE_LIMIT_*: how many requests a caller may send.</summary>
    public required Rates Rates { get; init; }

    /// <summary>TRUSTED_PROXIES: the proxies whose X-Forwarded-For and X-Forwarded-Proto are trusted; none by default.</summary>
    public required IReadOnlyList<System.Net.IPNetwork> TrustedProxies { get; init; }

    /// <summary>ADMIN_EMAIL and ADMIN_PASSWORD: the first administrator; null when not set.</summary>
    public FirstAdmin? FirstAdmin { get; private init; }

    /// <summary>ACCESS_LOG_DAYS: how long the access log is kept, 365 by default; 0 is for ever.</summary>
    public int AccessLogDays { get; private init; }

    /// <summary>MAX_REQUEST_BYTES: a larger body is refused with 413; 10 MiB by default.</summary>
    public long MaxRequestBytes { get; private init; }

    /// <summary>MAX_ATTACHMENT_BYTES, MAX_TICKET_ATTACHMENT_BYTES and ATTACHMENTS_DIR: the files of tickets.</summary>
    public required AttachmentSettings Attachments { get; init; }

    /// <summary>SECURE_SSL_REDIRECT: send plain HTTP to HTTPS.</summary>
    public bool SecureSslRedirect { get; private init; }

    /// <summary>Shows no values: some are secret, and a record would print them all.</summary>
    public override string ToString() => nameof(Settings);

    /// <summary>Reads and checks all settings.</summary>
    /// <exception cref="SettingException">A setting is invalid.</exception>
    public static Settings Read(IConfiguration configuration)
    {
        var text = TextOf(configuration);
        var debug = Flag(text, "DEBUG", true);
        var access = ReadAccess(text("ACCESS"), debug);
        var cors = Origins(text, "CORS_ALLOWED_ORIGINS") ?? [];
        var maxRequestBytes = Whole(text, "MAX_REQUEST_BYTES", 1024, int.MaxValue) ?? 10 * 1024 * 1024;
        return new Settings
        {
            Debug = debug,
            SecretKey = CheckSecret(text("SECRET_KEY"), debug),
            AllowedHosts = Hosts(text) ?? ["localhost", "127.0.0.1", "testserver"],
            CorsAllowedOrigins = cors,
            CsrfTrustedOrigins = Origins(text, "CSRF_TRUSTED_ORIGINS") ?? cors,
            Database = DatabaseSettings.Read(text, requireTls: !debug),
            Triage = TriageSettings.Read(text),
            Feed = FeedLimits.Read(text, maxRequestBytes),
            Port = ReadPort(configuration),
            MaxRequestBytes = maxRequestBytes,
            Attachments = AttachmentSettings.Read(text),
            Access = access,
            AskRequester = ReadQuestion(text("ASK_REQUESTER"), access),
            Rates = Rates.Read(text, access),
            TrustedProxies = ProxyList.Read(List(text, "TRUSTED_PROXIES") ?? []),
            FirstAdmin = FirstAdmin.Read(text("ADMIN_EMAIL"), text("ADMIN_PASSWORD")),
            AccessLogDays = Whole(text, "ACCESS_LOG_DAYS", 0, 36500) ?? 365,
            SecureSslRedirect = Flag(text, "SECURE_SSL_REDIRECT", !debug),
        };
    }

    /// <summary>Reads PORT alone, for the health command, which only asks the running server.</summary>
    /// <exception cref="SettingException">It is invalid.</exception>
    internal static int? ReadPort(IConfiguration configuration) => Whole(TextOf(configuration), "PORT", 1, 65535);

    // An empty value counts as not set.
    private static Func<string, string?> TextOf(IConfiguration configuration) =>
        name => configuration[name] is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    /// <summary>A whole number in a range; null when not set.</summary>
    internal static int? Whole(Func<string, string?> text, string name, int min, int max)
    {
        if (text(name) is not { } value) return null;
        return int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new SettingException($"{name} must be a whole number from {min} to {max}, but is \"{value}\".");
    }

    /// <summary>A switch; <paramref name="otherwise"/> when not set.</summary>
    internal static bool Flag(Func<string, string?> text, string name, bool otherwise) => text(name)?.ToLowerInvariant() switch
    {
        null => otherwise,
        "true" or "1" or "yes" or "on" => true,
        "false" or "0" or "no" or "off" => false,
        var value => throw new SettingException($"{name} must be True or False, but is \"{value}\"."),
    };

    // A list of nothing but commas counts as not set.
    private static string[]? List(Func<string, string?> text, string name) =>
        text(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } list
            ? list
            : null;

    private static string[]? Hosts(Func<string, string?> text)
    {
        return List(text, "ALLOWED_HOSTS")?.Select(host => host == "*" ? host : Ascii(host)).ToArray();

        static string Ascii(string host)
        {
            var name = host.TrimStart('.');
            return Uri.CheckHostName(name) != UriHostNameType.Unknown && HostNames.InAscii(name) is { } ascii
                ? host[..^name.Length] + ascii
                : throw new SettingException("ALLOWED_HOSTS takes host names without scheme or port, "
                    + $"like desk.example.com, .example.com or *, but has \"{host}\".");
        }
    }

    // As browsers write them: lower case, no default port, no path.
    private static string[]? Origins(Func<string, string?> text, string name) => List(text, name)?.Select(origin =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri.PathAndQuery == "/" && uri.UserInfo.Length + uri.Fragment.Length == 0
            ? $"{uri.Scheme}://{uri.IdnHost}{(uri.IsDefaultPort ? "" : $":{uri.Port}")}"
            : throw new SettingException($"{name} takes origins like https://desk.example.com, but has \"{origin}\".")).ToArray();

    private static string? CheckSecret(string? secret, bool debug) => secret switch
    {
        { Length: < 32 } when !debug => throw new SettingException("SECRET_KEY must have at least 32 characters when DEBUG is False."),
        null when !debug => throw new SettingException(
            "SECRET_KEY must be set when DEBUG is False: any 32 random characters or more, the same on every instance."),
        _ => secret,
    };

    private static RequesterQuestion ReadQuestion(string? question, AccessMode access) => question switch
    {
        null => access == AccessMode.submit ? RequesterQuestion.required : RequesterQuestion.optional,
        "no" => RequesterQuestion.no,
        "optional" => RequesterQuestion.optional,
        "required" => RequesterQuestion.required,
        _ => throw new SettingException($"ASK_REQUESTER must be no, optional or required, but is \"{question}\"."),
    };

    private static AccessMode ReadAccess(string? access, bool debug) => access switch
    {
        null => debug ? AccessMode.open : AccessMode.closed,
        "open" => AccessMode.open,
        "submit" => AccessMode.submit,
        "closed" => AccessMode.closed,
        _ => throw new SettingException($"ACCESS must be open, submit or closed, but is \"{access}\"."),
    };
}
