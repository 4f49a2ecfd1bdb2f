using Microsoft.Extensions.Configuration;
using Npgsql;
using SupportTickets.Configuration;
using SupportTickets.Hosting;

namespace SupportTickets.Tests.Configuration;

public sealed class SettingTests
{
    private static readonly string Key = new('k', 32);

    [Fact]
    public void Nothing_set_is_a_development_desk_on_sqlite()
    {
        var settings = Read();
        Assert.True(settings.Debug);
        Assert.Null(settings.SecretKey);
        Assert.Equal(["localhost", "127.0.0.1", "testserver"], settings.AllowedHosts);
        Assert.Empty(settings.CorsAllowedOrigins);
        Assert.Empty(settings.CsrfTrustedOrigins);
        Assert.Null(settings.Port);
        Assert.Equal(10 * 1024 * 1024, settings.MaxRequestBytes);
        Assert.False(settings.SecureSslRedirect);
        Assert.False(settings.Database.IsPostgres);
        Assert.Contains("Data Source=data/support-tickets.db", settings.Database.ConnectionString);
        Assert.Null(settings.Triage.ApiKey);
        Assert.Null(settings.Triage.BaseUrl);
        Assert.Equal("gpt-4o-mini", settings.Triage.Model);
        Assert.Equal(3.5, settings.Triage.Timeout.TotalSeconds);
        Assert.Equal(0, settings.Triage.MaxRetries);
        Assert.Equal(30, settings.Database.StatementSeconds);
        Assert.Equal(365, settings.AccessLogDays);
        Assert.Equal(new FeedLimits { MaxBatchBytes = 10 * 1024 * 1024 }, settings.Feed);
        var feed = settings.Feed;
        Assert.Equal((8000, 1000, 100, 200, 2), (feed.MaxUrlLength, feed.MaxNodes, feed.MaxDepth, feed.MaxListLength, feed.MaxExpandDepth));
        Assert.Equal((1000, 10_000, 100), (feed.PageSize, feed.MaxPageSize, feed.MaxBatchParts));
    }

    [Fact]
    public void Limits_of_the_feed_are_settings_of_their_own()
    {
        var feed = Read(
            ("ODATA_MAX_URL_LENGTH", "500"), ("ODATA_MAX_NODES", "10"), ("ODATA_MAX_DEPTH", "5"), ("ODATA_MAX_LIST_LENGTH", "1"),
            ("ODATA_MAX_EXPAND_DEPTH", "1"), ("ODATA_PAGE_SIZE", "7"), ("ODATA_MAX_PAGE_SIZE", "9"), ("ODATA_MAX_BATCH_PARTS", "2"),
            ("ODATA_MAX_BATCH_BYTES", "4096")).Feed;
        Assert.Equal(
            new FeedLimits
            {
                MaxUrlLength = 500,
                MaxNodes = 10,
                MaxDepth = 5,
                MaxListLength = 1,
                MaxExpandDepth = 1,
                PageSize = 7,
                MaxPageSize = 9,
                MaxBatchParts = 2,
                MaxBatchBytes = 4096,
            },
            feed);
        Assert.Equal(1, Read(("STATEMENT_TIMEOUT_SECONDS", "1")).Database.StatementSeconds);
        Assert.Equal(500, Read(("ODATA_MAX_PAGE_SIZE", "500")).Feed.PageSize);
        Assert.Equal(2048, Read(("MAX_REQUEST_BYTES", "2048")).Feed.MaxBatchBytes);
    }

    [Fact]
    public void Empty_is_not_set()
    {
        var settings = Read(
            ("DEBUG", " "), ("ALLOWED_HOSTS", " , "), ("PORT", ""), ("DATABASE_URL", ""), ("MAX_REQUEST_BYTES", ""),
            ("OPENAI_BASE_URL", ""), ("ACCESS", ""));
        Assert.True(settings.Debug);
        Assert.Equal(3, settings.AllowedHosts.Count);
        Assert.False(settings.Database.IsPostgres);
    }

    [Theory]
    [InlineData("False", false)]
    [InlineData("false", false)]
    [InlineData("0", false)]
    [InlineData("no", false)]
    [InlineData("OFF", false)]
    [InlineData("True", true)]
    [InlineData(" 1 ", true)]
    [InlineData("yes", true)]
    [InlineData("on", true)]
    public void A_flag_is_taken_in_its_usual_spellings(string text, bool value) =>
        Assert.Equal(value, Read(("DEBUG", text), ("SECRET_KEY", Key), ("ACCESS", "open")).Debug);

    [Fact]
    public void Production_redirects_to_https_and_requires_tls_to_the_database_unless_told_otherwise()
    {
        (string, string)[] production = [("DEBUG", "False"), ("SECRET_KEY", Key), ("ACCESS", "open")];
        Assert.True(Read(production).SecureSslRedirect);
        Assert.False(Read([.. production, ("SECURE_SSL_REDIRECT", "False")]).SecureSslRedirect);
        Assert.Equal(SslMode.Require, Ssl([.. production, ("DATABASE_URL", "postgres://db/desk")]));
        Assert.Equal(SslMode.Disable, Ssl([.. production, ("DATABASE_URL", "postgres://db/desk?sslmode=disable")]));
        Assert.Equal(SslMode.Prefer, Ssl([.. production, ("DATABASE_URL", "postgres://db/desk"), ("PGSSLMODE", "prefer")]));
        Assert.Equal(
            SslMode.VerifyFull, Ssl([.. production, ("DATABASE_URL", "postgres://db/desk?sslmode=verify-full"), ("PGSSLMODE", "disable")]));
        Assert.Equal(SslMode.Disable, Ssl([.. production, ("POSTGRES_HOST", "db"), ("PGSSLMODE", "disable")]));
        Assert.Equal(SslMode.Require, Ssl([.. production, ("POSTGRES_HOST", "db")]));
        Assert.Equal(SslMode.Prefer, Ssl(("DATABASE_URL", "postgres://db/desk")));
    }

    [Fact]
    public void Lists_are_trimmed_and_origins_written_as_browsers_do()
    {
        var settings = Read(
            ("ALLOWED_HOSTS", "desk.example.com , .example.org,*,[::1]"),
            ("CORS_ALLOWED_ORIGINS", "https://App.Example.com/, http://localhost:3000,https://bücher.example:443"));
        Assert.Equal(["desk.example.com", ".example.org", "*", "[::1]"], settings.AllowedHosts);
        Assert.Equal(["https://app.example.com", "http://localhost:3000", "https://xn--bcher-kva.example"], settings.CorsAllowedOrigins);
        Assert.Equal(settings.CorsAllowedOrigins, settings.CsrfTrustedOrigins);
        Assert.Equal(
            ["https://forms.example"],
            Read(("CORS_ALLOWED_ORIGINS", "https://a.example"), ("CSRF_TRUSTED_ORIGINS", "https://forms.example")).CsrfTrustedOrigins);
    }

    [Theory]
    [InlineData("OPENAI_TIMEOUT_SECONDS", "0.1", 0.1, 0)]
    [InlineData("OPENAI_TIMEOUT_SECONDS", "10", 10, 0)]
    [InlineData("OPENAI_TIMEOUT_SECONDS", "0.09", 3.5, 0)]
    [InlineData("OPENAI_TIMEOUT_SECONDS", "-1", 3.5, 0)]
    [InlineData("OPENAI_TIMEOUT_SECONDS", "soon", 3.5, 0)]
    [InlineData("OPENAI_TIMEOUT_SECONDS", "NaN", 3.5, 0)]
    [InlineData("OPENAI_MAX_RETRIES", "2", 3.5, 2)]
    [InlineData("OPENAI_MAX_RETRIES", "-1", 3.5, 0)]
    [InlineData("OPENAI_MAX_RETRIES", "1.5", 3.5, 0)]
    [InlineData("OPENAI_MAX_RETRIES", "many", 3.5, 0)]
    public void Timeout_and_retries_fall_back_as_in_the_older_system(string name, string value, double seconds, int retries)
    {
        var triage = Read((name, value)).Triage;
        Assert.Equal((seconds, retries), (triage.Timeout.TotalSeconds, triage.MaxRetries));
    }

    [Theory]
    [InlineData("DEBUG", "maybe", "DEBUG must be True or False, but is \"maybe\".")]
    [InlineData("SECURE_SSL_REDIRECT", "2", "SECURE_SSL_REDIRECT must be True or False, but is \"2\".")]
    [InlineData("POSTGRES_PREPARE", "never", "POSTGRES_PREPARE must be True or False, but is \"never\".")]
    [InlineData("PORT", "eighty", "PORT must be a whole number from 1 to 65535, but is \"eighty\".")]
    [InlineData("PORT", "0", "PORT must be a whole number from 1 to 65535, but is \"0\".")]
    [InlineData("PORT", "65536", "PORT must be a whole number from 1 to 65535, but is \"65536\".")]
    [InlineData("MAX_REQUEST_BYTES", "10MB", "MAX_REQUEST_BYTES must be a whole number from 1024 to 2147483647, but is \"10MB\".")]
    [InlineData("ACCESS_LOG_DAYS", "-1", "ACCESS_LOG_DAYS must be a whole number from 0 to 36500, but is \"-1\".")]
    [InlineData("STATEMENT_TIMEOUT_SECONDS", "0", "STATEMENT_TIMEOUT_SECONDS must be a whole number from 1 to 3600, but is \"0\".")]
    [InlineData("STATEMENT_TIMEOUT_SECONDS", "never", "STATEMENT_TIMEOUT_SECONDS must be a whole number")]
    [InlineData("ODATA_MAX_URL_LENGTH", "499", "ODATA_MAX_URL_LENGTH must be a whole number from 500 to 20000")]
    [InlineData("ODATA_MAX_URL_LENGTH", "20001", "ODATA_MAX_URL_LENGTH must be a whole number from 500 to 20000")]
    [InlineData("ODATA_MAX_NODES", "2001", "ODATA_MAX_NODES must be a whole number from 10 to 2000")]
    [InlineData("ODATA_MAX_DEPTH", "201", "ODATA_MAX_DEPTH must be a whole number from 5 to 200")]
    [InlineData("ODATA_MAX_LIST_LENGTH", "0", "ODATA_MAX_LIST_LENGTH must be a whole number from 1 to 2000")]
    [InlineData("ODATA_MAX_EXPAND_DEPTH", "7", "ODATA_MAX_EXPAND_DEPTH must be a whole number from 1 to 6")]
    [InlineData("ODATA_PAGE_SIZE", "10001", "ODATA_PAGE_SIZE must be a whole number from 1 to 10000")]
    [InlineData("ODATA_MAX_PAGE_SIZE", "0", "ODATA_MAX_PAGE_SIZE must be a whole number from 1 to 100000")]
    [InlineData("ODATA_MAX_PAGE_BYTES", "99999", "ODATA_MAX_PAGE_BYTES must be a whole number from 100000 to 2147483647")]
    [InlineData("ODATA_MAX_BATCH_PARTS", "1001", "ODATA_MAX_BATCH_PARTS must be a whole number from 1 to 1000")]
    [InlineData("ODATA_MAX_BATCH_SECONDS", "0", "ODATA_MAX_BATCH_SECONDS must be a whole number from 1 to 3600")]
    [InlineData("ODATA_MAX_BATCH_BYTES", "10485761", "ODATA_MAX_BATCH_BYTES must be a whole number from 1024 to 10485760")]
    [InlineData("ALLOWED_HOSTS", "a.example,https://desk.example.com", "ALLOWED_HOSTS takes host names")]
    [InlineData("ALLOWED_HOSTS", "desk.example.com:8000", "ALLOWED_HOSTS takes host names")]
    [InlineData(
        "CORS_ALLOWED_ORIGINS", "desk.example.com",
        "CORS_ALLOWED_ORIGINS takes origins like https://desk.example.com, but has \"desk.example.com\".")]
    [InlineData("CORS_ALLOWED_ORIGINS", "https://a.example/path", "CORS_ALLOWED_ORIGINS takes origins")]
    [InlineData("CORS_ALLOWED_ORIGINS", "https://user@a.example", "CORS_ALLOWED_ORIGINS takes origins")]
    [InlineData("CSRF_TRUSTED_ORIGINS", "*", "CSRF_TRUSTED_ORIGINS takes origins")]
    [InlineData("ADMIN_EMAIL", "root@example.com", "ADMIN_EMAIL and ADMIN_PASSWORD must be set together, or neither.")]
    [InlineData("ADMIN_PASSWORD", "correct horse battery", "ADMIN_EMAIL and ADMIN_PASSWORD must be set together, or neither.")]
    [InlineData("ACCESS", "public", "ACCESS must be open, submit or closed, but is \"public\".")]
    [InlineData("ASK_REQUESTER", "yes", "ASK_REQUESTER must be no, optional or required, but is \"yes\".")]
    [InlineData("OPENAI_BASE_URL", "models", "OPENAI_BASE_URL must be an address")]
    [InlineData("OPENAI_BASE_URL", "ftp://models.example", "OPENAI_BASE_URL must be an address")]
    [InlineData("DATABASE_URL", "mysql://db/desk", "DATABASE_URL must look like")]
    [InlineData("PGSSLMODE", "yes", "PGSSLMODE is \"yes\"; it takes disable")]
    public void What_cannot_be_meant_is_refused_by_name(string name, string value, string sentence)
    {
        var error = Assert.Throws<SettingException>(() => Read((name, value), ("POSTGRES_HOST", "db")));
        Assert.StartsWith(sentence, error.Message);
        Assert.EndsWith(".", error.Message);
    }

    [Fact]
    public void Production_needs_a_secret_and_says_who_may_come_in()
    {
        Assert.StartsWith(
            "SECRET_KEY must be set when DEBUG is False",
            Assert.Throws<SettingException>(() => Read(("DEBUG", "False"), ("ACCESS", "open"))).Message);
        var shortKey = Assert.Throws<SettingException>(() =>
            Read(("DEBUG", "False"), ("ACCESS", "open"), ("SECRET_KEY", new string('k', 31))));
        Assert.Equal("SECRET_KEY must have at least 32 characters when DEBUG is False.", shortKey.Message);
        Assert.Equal(AccessMode.closed, Read(("DEBUG", "False"), ("SECRET_KEY", Key)).Access);
        Assert.Equal(AccessMode.submit, Read(("DEBUG", "False"), ("SECRET_KEY", Key), ("ACCESS", "submit")).Access);
        Assert.Equal(AccessMode.open, Read().Access);
        Assert.Equal(RequesterQuestion.optional, Read().AskRequester);
        Assert.Equal(RequesterQuestion.required, Read(("ACCESS", "submit")).AskRequester);
        Assert.Equal(RequesterQuestion.no, Read(("ACCESS", "submit"), ("ASK_REQUESTER", "no")).AskRequester);
        Assert.Equal("short", Read(("SECRET_KEY", "short")).SecretKey);
    }

    [Theory]
    [InlineData("root@example.com", "elevenchars", "ADMIN_PASSWORD must have at least 12 characters.")]
    [InlineData("root@example.com", "Root@Example.com", "ADMIN_PASSWORD must not be the e-mail address.")]
    [InlineData("root", "correct horse battery", "ADMIN_EMAIL must be an e-mail address, but is \"root\".")]
    [InlineData(
        "Root <root@example.com>", "correct horse battery", "ADMIN_EMAIL must be an e-mail address, but is \"Root <root@example.com>\".")]
    public void A_first_administrator_who_could_not_sign_in_is_refused(string email, string password, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<SettingException>(() => Read(("ADMIN_EMAIL", email), ("ADMIN_PASSWORD", password))).Message);

    [Fact]
    public void No_secret_is_printed_with_the_settings()
    {
        var settings = Read(
            ("SECRET_KEY", Key), ("OPENAI_API_KEY", "sk-secret"), ("ADMIN_EMAIL", "root@example.com"),
            ("ADMIN_PASSWORD", "the hush of the sea"), ("DATABASE_URL", "postgres://u:hush@db/desk"));
        var printed = $"{settings} {settings.Database} {settings.Triage} {settings.FirstAdmin}";
        Assert.DoesNotContain(Key, printed);
        Assert.DoesNotContain("secret", printed);
        Assert.DoesNotContain("hush", printed);
    }

    private static Settings Read(params (string Name, string Value)[] set) =>
        HostingFeature.ReadSettings(
            new ConfigurationBuilder()
                .AddInMemoryCollection(set.DistinctBy(s => s.Name).ToDictionary(s => s.Name, s => (string?)s.Value))
                .Build());

    private static SslMode Ssl(params (string, string)[] set) =>
        new NpgsqlConnectionStringBuilder(Read(set).Database.ConnectionString).SslMode;
}
